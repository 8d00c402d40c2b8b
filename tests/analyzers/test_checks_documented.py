"""Every check's docstring is its page in the catalogue, so its shape is fixed."""

from __future__ import annotations

import re

import pytest

from analyzers.check import Check
from analyzers.registry import all_checks, package_title

HEADINGS = ["## What it checks", "## Why it matters", "## How to fix", "## Traps"]


def test_the_checklist_is_whole_and_in_the_guide_s_order() -> None:
    assert [check.order for check in all_checks()] == list(range(1, 31))


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
def test_a_check_s_page_has_its_four_headings_below_a_summary(check: Check[...]) -> None:
    summary, *_ = check.doc.split("\n## ")
    assert re.findall(r"^## .+$", _outside_blocks(check.doc), re.M) == HEADINGS
    assert summary.strip().endswith((".", "?"))
    assert "\n\n" not in summary.strip()


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
def test_a_check_s_fix_shows_an_example(check: Check[...]) -> None:
    section = check.doc.split("## How to fix")[1].split("## Traps")[0]
    assert section.count("```") >= 2
    assert check.doc.count("```") % 2 == 0


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
def test_a_check_has_two_titles_and_a_place_in_a_titled_group(check: Check[...]) -> None:
    assert check.title
    assert check.failure_title
    assert check.title != check.failure_title
    assert package_title(check.group)
    assert package_title(check.section)


def _outside_blocks(text: str) -> str:
    return "".join(text.split("```")[::2])
