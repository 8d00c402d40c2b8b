from dataclasses import replace

import pytest

from analyzers.artifacts.context import BuildContext, ContextCopy, Entry
from analyzers.checks.build.speed.context import context
from analyzers.results import Verdict
from tests import builders as make

MB = 1_000_000
WHOLE = ContextCopy(0, 0, 3, 3, (".",), "/srv", True, True, True, (), 9, 0)
NAMED = ContextCopy(0, 0, 3, 3, ("app",), "/srv", False, True, True, (), 9, 0)


def sent(
    size_bytes: int, copy: ContextCopy = WHOLE, *, by_name_bytes: int = 0, vcs_bytes: int | None = 0
) -> BuildContext:
    largest = (Entry("data/model.bin", size_bytes),)
    return BuildContext(".", None, (), (), (copy,), (), size_bytes, by_name_bytes, False, vcs_bytes, largest)


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (sent(9 * MB), Verdict.PASS),
        (sent(10 * MB), Verdict.PARTIAL),
        (sent(50 * MB, NAMED, by_name_bytes=50 * MB), Verdict.PASS),
        (sent(50 * MB, by_name_bytes=39 * MB), Verdict.PARTIAL),
        (sent(100 * MB, NAMED, by_name_bytes=100 * MB), Verdict.FAIL),
        (sent(20 * MB, vcs_bytes=11 * MB), Verdict.FAIL),
        (sent(9 * MB, vcs_bytes=8 * MB), Verdict.PASS),
        (sent(1 * MB, vcs_bytes=None), Verdict.PARTIAL),
    ],
)
def test_size_and_naming_decide(found, verdict):
    assert context(make.build_plan(), found).verdict is verdict


def test_the_largest_entries_are_named_and_the_fix_keeps_them_out():
    result = context(make.build_plan(), sent(200 * MB))
    assert result.findings[-1].message == "200.0 MB in `data/model.bin`"
    assert "data/model.bin" in result.fix.text


def test_unknown_sizes_are_said():
    result = context(make.build_plan(), replace(sent(2 * MB), at_least=True))
    assert "at least 2.0 MB" in result.summary


def test_a_missing_context_is_unknown():
    assert context(make.build_plan(), replace(sent(0), missing=True)).verdict is Verdict.UNKNOWN


def test_a_real_tree_is_measured_after_its_ignore_rules(tmp_path):
    files = {"data/big.bin": b"x" * 11 * MB, "app.py": "1\n", ".dockerignore": "data\n"}
    text = "FROM python:3.12-slim\nCOPY . /srv\n"
    assert make.judge("build.speed.context", tmp_path / "ignored", text, files).verdict is Verdict.PARTIAL
    del files[".dockerignore"]
    assert "11.0 MB" in make.judge("build.speed.context", tmp_path / "all", text, files).summary
