from __future__ import annotations

from analyzers.checks.production.performance.load import load
from analyzers.results import Verdict
from tests import builders as make


def test_a_defined_load_test_is_partial_with_its_place() -> None:
    result = load(make.processes(), make.code(tools=(make.tool("load_test", "Locust"),)))
    assert result.verdict is Verdict.PARTIAL
    assert "`Makefile`, line 3" in result.fix.text


def test_without_one_a_person_has_to_say() -> None:
    assert load(make.processes(), make.code()).verdict is Verdict.REVIEW


def test_a_command_is_not_judged() -> None:
    command = make.processes(make.process(long_running=False))
    assert load(command, make.code()).verdict is Verdict.NOT_APPLICABLE
