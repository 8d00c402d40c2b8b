from __future__ import annotations

import pytest

from analyzers.artifacts.code import Code
from analyzers.artifacts.dependencies import Dependencies
from analyzers.checks.production.performance.memory import memory
from analyzers.results import Verdict
from tests import builders as make


@pytest.mark.parametrize(
    ("dependencies", "code"),
    [
        (make.dependencies("memray"), make.code()),
        (make.dependencies(), make.code(make.call("memory_profiler", "tracemalloc.start"))),
        (make.dependencies(), make.code(tools=(make.tool("memory_profiler", "memray"),))),
    ],
)
def test_a_memory_profiler_that_is_wired_in_is_partial(dependencies: Dependencies, code: Code) -> None:
    result = memory(dependencies, code)
    assert result.verdict is Verdict.PARTIAL
    assert result.fix.text


def test_without_one_a_person_has_to_say() -> None:
    assert memory(make.dependencies("py-spy"), make.code()).verdict is Verdict.REVIEW
