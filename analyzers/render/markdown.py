"""The report as Markdown, for job summaries and pull-request comments."""

from __future__ import annotations

from itertools import groupby

from analyzers.registry import package_title
from analyzers.render.terminal import SYMBOLS
from analyzers.report import Item, Report
from analyzers.results import Finding, Verdict

SHOWN_FIXES = 3


def render(report: Report) -> str:
    value = "not decided" if report.score.value is None else f"{report.score.value:.1f}"
    lines = [
        f"## Container optimization: {value} / 100",
        "",
        f"Coverage {report.score.coverage:.0%} · `{_inline(report.target.dockerfile)}`"
        f" in context `{_inline(report.target.context)}` · {report.audited_on}",
        "",
    ]
    for section, items in groupby(report.items, key=lambda item: item.check.section):
        lines += [f"### {package_title(section)}", "", "| | Item | Verdict | Why |", "|---|---|---|---|"]
        lines += [_row(item) for item in items]
        lines.append("")
    return "\n".join([*lines, *_fixes(report)]).rstrip() + "\n"


def _row(item: Item) -> str:
    result = item.result
    where = _where(result.findings[0]) if result.findings else ""
    word = result.verdict.value.replace("_", " ")
    return f"| {SYMBOLS[result.verdict][0]} | {item.title} | {word} | {_cell(result.summary)}{where} |"


def _where(finding: Finding) -> str:
    return f" (`{_inline(finding.path)}:{finding.line}`)" if finding.path and finding.line else ""


def _fixes(report: Report) -> list[str]:
    open_items = [item for item in report.items if item.result.verdict in (Verdict.FAIL, Verdict.PARTIAL)]
    best = sorted(open_items, key=lambda item: -item.worth)[:SHOWN_FIXES]
    if not best:
        return []
    lines = ["### Worth most", ""]
    for item in best:
        lines += [f"**{item.title}** (+{item.worth:.1f})", "", item.result.fix.text or _cell(item.result.summary), ""]
    return lines


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def _inline(text: str) -> str:
    return text.replace("`", "'").replace("\n", " ").replace("|", "\\|")
