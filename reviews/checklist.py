"""The audit page's shape: stored items as sections of groups, with what a reader should do first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.safestring import SafeString

from analyzers.check import CheckError
from analyzers.registry import get_check, package_title
from reviews import documentation, highlight, markdown
from reviews.models import Audit, Item
from reviews.verdicts import VERDICTS, Mark, verdict_mark

OBSERVABILITY = (
    "runtime.monitoring.app_metrics",
    "runtime.monitoring.resources",
    "runtime.monitoring.profiling",
    "production.monitoring.collection",
)
OPEN = ("fail", "partial")
"""Verdicts that leave something to fix: the item is then titled by what is wrong."""
FIRST_STEPS = 5
DIFF_CLASSES = {"+": "gi", "-": "gd"}


@dataclass(frozen=True, slots=True)
class FindingView:
    message: str
    path: str
    place: str
    lines: tuple[highlight.Line, ...]


@dataclass(frozen=True, slots=True)
class ItemView:
    """One row of the checklist; `hidden` where the filter leaves it out."""

    item: Item
    title: str
    mark: Mark
    hidden: bool
    findings: tuple[FindingView, ...]
    fix: SafeString
    diff: tuple[tuple[str, str], ...]
    why: SafeString
    documented: bool

    @property
    def told_by_summary(self) -> bool:
        """The one finding says no more than the summary: its lines stand without words."""
        return len(self.findings) == 1 and not self.findings[0].message

    @property
    def gain(self) -> float:
        return self.item.worth if self.item.verdict in OPEN else 0.0


@dataclass(frozen=True, slots=True)
class GroupView:
    id: str
    title: str
    items: tuple[ItemView, ...]

    @property
    def hidden(self) -> bool:
        return all(item.hidden for item in self.items)


@dataclass(frozen=True, slots=True)
class SectionView:
    """`value` in 0..100 or None, `coverage` in 0..1."""

    id: str
    title: str
    value: float | None
    coverage: float | None
    groups: tuple[GroupView, ...] = ()

    @property
    def share(self) -> float:
        return (self.value or 0) / 100

    @property
    def hidden(self) -> bool:
        return all(group.hidden for group in self.groups)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to fix, `worth` points; `anchor` is the item to look at."""

    title: str
    worth: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Cause:
    """Items that fail together for one reason: one plan, while each keeps its own verdict."""

    items: tuple[ItemView, ...]

    @property
    def worth(self) -> float:
        return sum(item.gain for item in self.items)


@dataclass(frozen=True, slots=True)
class Filter:
    name: str
    word: str
    icon: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class Checklist:
    sections: tuple[SectionView, ...]
    filters: tuple[Filter, ...]
    next_steps: tuple[Step, ...]
    cause: Cause | None
    shown: str


def checklist_of(audit: Audit, verdict: str = "") -> Checklist:
    """`verdict` shows the items of one verdict alone; an unknown word shows all."""
    shown = verdict if verdict in VERDICTS else ""
    items = [_item_view(item, shown) for item in audit.items.all()]
    cause = _cause(items)
    return Checklist(_sections(audit, items), _filters(items, shown), _next_steps(items, cause), cause, shown)


def section_scores(audit: Audit) -> list[SectionView]:
    return [
        SectionView(name, title_of(name), part.get("value"), part.get("coverage"))
        for name, part in audit.sections.items()
    ]


def title_of(package: str) -> str:
    """A section or group that this version does not know any more is shown by its id."""
    try:
        return package_title(package)
    except (ImportError, CheckError):
        return package.rsplit(".", 1)[-1].replace("_", " ").capitalize()


def _sections(audit: Audit, items: Sequence[ItemView]) -> tuple[SectionView, ...]:
    scores = {section.id: section for section in section_scores(audit)}
    sections: list[SectionView] = []
    for name in dict.fromkeys(view.item.section for view in items):
        score = scores.get(name) or SectionView(name, title_of(name), None, None)
        groups = _groups([view for view in items if view.item.section == name])
        sections.append(SectionView(name, score.title, score.value, score.coverage, groups))
    return tuple(sections)


def _groups(items: Sequence[ItemView]) -> tuple[GroupView, ...]:
    names = dict.fromkeys(view.item.group for view in items)
    return tuple(GroupView(n, title_of(n), tuple(view for view in items if view.item.group == n)) for n in names)


def _item_view(item: Item, shown: str) -> ItemView:
    check = get_check(item.check_id)
    return ItemView(
        item,
        check.failure_title if check and item.verdict in OPEN else item.title,
        verdict_mark(item.verdict),
        bool(shown) and item.verdict != shown,
        _findings(item),
        markdown.render(item.fix.get("text") or ""),
        _diff_lines(item.fix.get("diff") or ""),
        documentation.part(check.doc, "Why it matters") if check else SafeString(""),
        check is not None,
    )


def _findings(item: Item) -> tuple[FindingView, ...]:
    """A single finding that the summary already tells is shown by its lines alone."""
    views = tuple(_finding_view(finding) for finding in item.findings)
    if len(views) == 1 and views[0].lines and item.summary.startswith(views[0].message):
        return (replace(views[0], message=""),)
    return views


def _finding_view(finding: dict[str, Any]) -> FindingView:
    path, first = finding.get("path") or "", finding.get("line") or 0
    excerpt = finding.get("excerpt")
    last = finding.get("end_line") or first
    shown: Iterable[highlight.Line] = ()
    if excerpt and first:
        shown = highlight.lines(excerpt["text"], path=path, start=excerpt["start"], marked=range(first, last + 1))
    place = "" if not first else f"line {first}" if last == first else f"lines {first}–{last}"
    return FindingView(finding["message"], path, place, tuple(shown))


def _diff_lines(diff: str) -> tuple[tuple[str, str], ...]:
    return tuple((DIFF_CLASSES.get(line[:1], ""), line) for line in diff.rstrip("\n").split("\n")) if diff else ()


def _cause(items: Sequence[ItemView]) -> Cause | None:
    members = tuple(view for view in items if view.item.check_id in OBSERVABILITY and view.item.verdict == "fail")
    return Cause(members) if len(members) == len(OBSERVABILITY) else None


def _next_steps(items: Sequence[ItemView], cause: Cause | None) -> tuple[Step, ...]:
    """The most points first; the items of one cause are one step."""
    joined = set(OBSERVABILITY) if cause else set()
    steps = [
        Step(view.title, view.gain, view.item.check_id)
        for view in items
        if view.gain and view.item.check_id not in joined
    ]
    if cause:
        steps.append(Step("Add observability", cause.worth, "cause-observability"))
    return tuple(sorted(steps, key=lambda step: -step.worth)[:FIRST_STEPS])


def _filters(items: Sequence[ItemView], shown: str) -> tuple[Filter, ...]:
    counts = {name: sum(view.item.verdict == name for view in items) for name in VERDICTS}
    everything = Filter("", "All", "list-checks", len(items), not shown)
    return (
        everything,
        *(Filter(m.name, m.word, m.icon, counts[m.name], m.name == shown) for m in VERDICTS.values() if counts[m.name]),
    )
