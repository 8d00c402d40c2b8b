from __future__ import annotations

from analyzers.artifacts.code import Code
from analyzers.artifacts.dependencies import Dependencies
from analyzers.artifacts.processes import Processes
from analyzers.checks.runtime.monitoring.profiling import profiling
from analyzers.results import Result, Verdict
from tests import builders as make


def judge(
    dependencies: Dependencies | None = None, code: Code | None = None, processes: Processes | None = None
) -> Result:
    return profiling(processes or make.processes(), dependencies or make.dependencies(), code or make.code())


def test_a_profiler_of_a_development_group_passes() -> None:
    development = make.requirement("pyinstrument", group="dev", runtime=False)
    assert judge(Dependencies((development,), ("pyproject.toml",))).verdict is Verdict.PASS


def test_a_profiler_in_a_makefile_passes_with_its_place() -> None:
    result = judge(code=make.code(tools=(make.tool("profiler", "py-spy"),)))
    assert result.verdict is Verdict.PASS
    assert result.findings[0].path == "Makefile"


def test_a_profiler_in_the_code_passes() -> None:
    assert judge(code=make.code(make.call("profiler", "Sentry profiles"))).verdict is Verdict.PASS


def test_a_memory_profiler_is_another_item() -> None:
    assert judge(code=make.code(make.call("memory_profiler", "tracemalloc"))).verdict is Verdict.FAIL


def test_nothing_fails() -> None:
    result = judge()
    assert result.verdict is Verdict.FAIL
    assert "py-spy" in result.fix.text


def test_an_absent_source_is_unknown() -> None:
    assert judge(code=make.code(present=False)).verdict is Verdict.UNKNOWN


def test_a_static_file_server_is_not_judged() -> None:
    static = make.processes(make.process(make.server("nginx", kind="static")), python=False)
    assert judge(processes=static).verdict is Verdict.NOT_APPLICABLE
