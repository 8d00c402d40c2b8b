"""The catalogue: each check's docstring is its page."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from django.utils.safestring import SafeString

from analyzers.registry import all_checks, package_title
from reviews import markdown

LEAD = ""
"""The name under which `markdown.parts` gives what stands before the first heading."""


@functools.cache
def part(doc: str, heading: str) -> SafeString:
    """What a check's documentation says under one heading, as HTML; "" where it lacks it."""
    return markdown.render(markdown.parts(doc).get(heading, ""))


@functools.cache
def body(doc: str) -> SafeString:
    """All of it below the lead."""
    sections = markdown.parts(doc)
    return markdown.render("\n\n".join(f"## {name}\n\n{text}" for name, text in sections.items() if name != LEAD))


@dataclass(frozen=True, slots=True)
class Entry:
    """A check as templates see it: they would call the check itself, because it is a function."""

    id: str
    title: str
    order: int
    weight: int
    strongest: str
    section: str
    group: str
    doc: str


@functools.cache
def entries() -> tuple[Entry, ...]:
    """Every check in the guide's order."""
    return tuple(Entry(c.id, c.title, c.order, c.weight, c.strongest, c.section, c.group, c.doc) for c in all_checks())


@dataclass(frozen=True, slots=True)
class CatalogueGroup:
    title: str
    checks: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class CatalogueSection:
    id: str
    title: str
    groups: tuple[CatalogueGroup, ...]


@functools.cache
def catalogue() -> tuple[CatalogueSection, ...]:
    """Every check in the guide's order, by section and group."""
    sections = dict.fromkeys(check.section for check in entries())
    return tuple(CatalogueSection(section, package_title(section), _groups(section)) for section in sections)


def _groups(section: str) -> tuple[CatalogueGroup, ...]:
    members = [check for check in entries() if check.section == section]
    return tuple(
        CatalogueGroup(package_title(group), tuple(check for check in members if check.group == group))
        for group in dict.fromkeys(check.group for check in members)
    )
