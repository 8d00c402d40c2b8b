"""The report for a person at a terminal."""

from __future__ import annotations

from itertools import groupby

from analyzers.registry import package_title
from analyzers.report import Item, Report
from analyzers.results import Finding, Verdict
from analyzers.scoring import Score

SYMBOLS = {
    Verdict.PASS: ("✓", "32"),
    Verdict.PARTIAL: ("◐", "33"),
    Verdict.FAIL: ("✗", "31"),
    Verdict.NOT_APPLICABLE: ("–", "90"),
    Verdict.REVIEW: ("?", "36"),
    Verdict.UNKNOWN: ("…", "35"),
}
SHOWN_FINDINGS = 4


def render(report: Report, *, colour: bool) -> str:
    lines = [*_head(report, colour), ""]
    for section, items in groupby(report.items, key=lambda item: item.check.section):
        lines += [_bold(f"{package_title(section)}  {_score(report.sections[section])}", colour)]
        for item in items:
            lines += _item(item, colour)
        lines.append("")
    lines += [
        f"! {e.message}" + (f" ({e.path}:{e.line})" if e.line else f" ({e.path})" if e.path else "")
        for e in report.errors
    ]
    return "\n".join(lines).rstrip() + "\n"


def _head(report: Report, colour: bool) -> list[str]:
    target = report.target
    stage = f", stage {target.stage}" if target.stage else ""
    other = len([t for t in report.targets if t.dockerfile != target.dockerfile])
    return [
        _bold(f"Score {_score(report.score)}", colour),
        f"{target.dockerfile} in context {target.context}{stage}" + (f" ({target.reason})" if target.reason else ""),
        *([f"{other} more in this repository: choose with --dockerfile"] if other else []),
    ]


def _score(score: Score) -> str:
    value = "not decided" if score.value is None else f"{score.value:.1f}"
    return f"{value} · coverage {score.coverage:.0%}"


def _item(item: Item, colour: bool) -> list[str]:
    symbol, code = SYMBOLS[item.result.verdict]
    worth = f"  (+{item.worth:.1f} if fixed)" if item.worth else ""
    word = item.result.verdict.value.replace("_", " ")
    lines = [f"  {_paint(symbol, code, colour)} {item.title}: {_paint(word, code, colour)}{worth}"]
    lines.append(f"      {item.result.summary}")
    if item.result.verdict in (Verdict.FAIL, Verdict.PARTIAL):
        lines += [f"      {_finding(finding)}" for finding in item.result.findings[:SHOWN_FINDINGS]]
    return lines


def _finding(finding: Finding) -> str:
    if finding.path is None:
        return f"- {finding.message}"
    return f"- {finding.path}{f':{finding.line}' if finding.line else ''} {finding.message}"


def _bold(text: str, colour: bool) -> str:
    return _paint(text, "1", colour)


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\033[{code}m{text}\033[0m" if colour else text
