"""Report: everything one audit says, and its JSON. Later rungs only add keys; a change of meaning raises SCHEMA."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analyzers.artifacts.target import Target
from analyzers.check import Check
from analyzers.records import dataclass
from analyzers.results import EvidenceLevel, Finding, Result
from analyzers.scoring import MODEL_VERSION, Score, Weighed, score, sections, worth
from analyzers.source import Source
from analyzers.tree import Tree

SCHEMA = 1
EXCERPT_MARGIN_LINES = 2
EXCERPT_LINES = 16
EXCERPT_LINE_CHARACTERS = 400

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """A checklist item with its result; `worth` is the points that the overall score gains if it passes."""

    check: Check[...]
    result: Result
    worth: float

    @property
    def title(self) -> str:
        return self.check.title


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that could not be read and may have left items unknown."""

    message: str
    path: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    source: Source
    target: Target
    targets: tuple[Target, ...]
    items: tuple[Item, ...]
    score: Score
    sections: dict[str, Score]
    audited_on: str
    application_type: str
    errors: tuple[Trouble, ...] = ()

    def to_json(self) -> Json:
        """The published shape; docs/report.md explains each key."""
        return {
            "schema": SCHEMA,
            "scoring_model": MODEL_VERSION,
            "audited_on": self.audited_on,
            "application_type": self.application_type,
            "source": _source(self.source),
            "target": _target(self.target),
            "targets": [_target(target) for target in self.targets],
            "score": {**_score(self.score), "sections": {name: _part(part) for name, part in self.sections.items()}},
            "items": [_item(item, self.source.tree) for item in self.items],
            "benchmarks": [],
            "errors": [{"message": e.message, "path": e.path, "line": e.line} for e in self.errors],
        }


def build_report(
    source: Source,
    target: Target,
    targets: Iterable[Target],
    results: Iterable[tuple[Check[...], Result]],
    audited_on: str,
    application_type: str,
    errors: Iterable[Trouble] = (),
) -> Report:
    decided = list(results)
    weighed = [_weighed(check, result) for check, result in decided]
    items = tuple(Item(check, result, worth(weighed, check.id)) for check, result in decided)
    scores = (score(weighed), sections(weighed))
    return Report(source, target, tuple(targets), items, *scores, audited_on, application_type, tuple(errors))


def _weighed(check: Check[...], result: Result) -> Weighed:
    measurable = check.strongest in (EvidenceLevel.BUILT, EvidenceLevel.MEASURED)
    return Weighed(check.id, check.weight, result.verdict, result.score, result.evidence, measurable)


def _source(source: Source) -> Json:
    return {
        "kind": source.kind,
        "location": source.location,
        "revision": source.revision,
        "ref": source.ref,
        "subfolder": source.subfolder,
        "files": len(source.tree.entries),
    }


def _target(target: Target) -> Json:
    return {
        "dockerfile": target.dockerfile,
        "context": target.context,
        "stage": target.stage,
        "build_args": dict(target.build_args),
        "reason": target.reason,
        "development": target.development,
    }


def _score(value: Score) -> Json:
    return {"value": value.value, "coverage": value.coverage, "confidence": value.confidence}


def _part(value: Score) -> Json:
    return {"value": value.value, "coverage": value.coverage}


def _item(item: Item, tree: Tree) -> Json:
    check, result = item.check, item.result
    return {
        "id": check.id,
        "section": check.section,
        "group": check.group,
        "title": check.title,
        "verdict": result.verdict.value,
        "score": result.score,
        "weight": check.weight,
        "evidence": result.evidence.value,
        "summary": result.summary,
        "findings": [_finding(finding, tree) for finding in result.findings],
        "fix": {"text": result.fix.text, "diff": result.fix.diff},
        "worth": item.worth,
    }


def _finding(finding: Finding, tree: Tree) -> Json:
    return {
        "message": finding.message,
        "path": finding.path,
        "line": finding.line,
        "end_line": finding.end_line,
        "excerpt": _excerpt(finding, tree),
    }


def _excerpt(finding: Finding, tree: Tree) -> Json | None:
    """The lines around a finding, kept with the report since sources are deleted when the audit ends."""
    text = tree.read_text(finding.path) if finding.path and finding.line else None
    if text is None or finding.line is None:
        return None
    start = max(1, finding.line - EXCERPT_MARGIN_LINES)
    end = min((finding.end_line or finding.line) + EXCERPT_MARGIN_LINES, start + EXCERPT_LINES - 1)
    lines = text.splitlines()[start - 1 : end]
    return {"start": start, "text": "\n".join(line[:EXCERPT_LINE_CHARACTERS] for line in lines)}
