from __future__ import annotations

import time

import pytest

from reviews import highlight

EVIL = "<script>alert('x')</script>&\"<b>"


@pytest.mark.parametrize(
    "path", ["Dockerfile", "compose.yml", "app.py", "pyproject.toml", "run.sh", "a.json", "x.ini", "notes"]
)
def test_no_markup_of_a_file_survives(path: str) -> None:
    (line,) = highlight.lines(EVIL, path=path, start=1)
    assert "<script" not in line.html
    assert "<b>" not in line.html
    assert "&lt;" in line.html


def test_lines_are_numbered_as_in_the_file_and_marked() -> None:
    found = highlight.lines("FROM a\nRUN b \\\n  && c\nUSER d", path="Dockerfile", start=7, marked=range(8, 10))
    assert [(line.number, line.marked) for line in found] == [(7, False), (8, True), (9, True), (10, False)]


def test_a_token_over_several_lines_is_closed_on_each() -> None:
    for line in highlight.lines('x = """one\ntwo\nthree"""', path="a.py", start=1):
        assert line.html.count("<span") == line.html.count("</span>")


def test_blank_lines_at_the_start_keep_the_numbers_right() -> None:
    found = highlight.lines("\n\nFROM a", path="Dockerfile", start=1)
    assert [line.number for line in found] == [1, 2, 3]
    assert "FROM" in found[2].html


def test_a_line_without_end_is_cut() -> None:
    (line,) = highlight.lines("RUN " + "x" * 100_000, path="Dockerfile", start=1)
    assert len(line.html) < 1_000


@pytest.mark.parametrize("text", ["(" * 6_000, "'" * 6_000, '"""' * 2_000, "a: " * 2_000, "\\\n" * 3_000, "{{" * 3_000])
@pytest.mark.parametrize("path", ["Dockerfile", "a.yaml", "a.py", "a.toml", "a.sh", "a.json"])
def test_hostile_text_takes_no_time(text: str, path: str) -> None:
    start = time.monotonic()
    highlight.lines(text, path=path, start=1)
    assert time.monotonic() - start < 2
