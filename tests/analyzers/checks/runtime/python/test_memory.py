from __future__ import annotations

import pytest

from analyzers.artifacts.bases import Bases
from analyzers.artifacts.processes import Process
from analyzers.checks.runtime.python.memory import memory
from analyzers.results import Result, Verdict
from tests import builders as make


def judge(
    *processes: Process, env: dict[str, str] | None = None, bases: Bases | None = None, python: bool = True
) -> Result:
    plan = make.build_plan(env=env or {})
    return memory(make.processes(*processes, python=python), plan, bases or make.bases(), make.deployment())


def test_nothing_set_fails_and_names_the_option_of_this_server() -> None:
    result = judge()
    assert result.verdict is Verdict.FAIL
    assert "--max-requests" in result.fix.text


@pytest.mark.parametrize(
    "env",
    [
        {"MALLOC_ARENA_MAX": "2"},
        {"MALLOC_TRIM_THRESHOLD_": "131072"},
        {"LD_PRELOAD": "/usr/lib/libjemalloc.so.2"},
        {"PYTHONMALLOC": "pymalloc"},
        {"PYTHONMALLOC": "malloc", "LD_PRELOAD": "libmimalloc.so"},
    ],
)
def test_any_allocator_setting_passes(env: dict[str, str]) -> None:
    assert judge(env=env).verdict is Verdict.PASS


def test_recycled_workers_pass_and_are_named() -> None:
    result = judge(make.process(make.server(recycling="--max-requests 1000")))
    assert result.verdict is Verdict.PASS
    assert "--max-requests 1000" in result.summary


def test_plain_malloc_alone_is_partial() -> None:
    assert judge(env={"PYTHONMALLOC": "malloc"}).verdict is Verdict.PARTIAL


def test_glibc_variables_do_not_count_on_musl() -> None:
    result = judge(env={"MALLOC_ARENA_MAX": "2"}, bases=make.bases(make.base_facts(libc="musl")))
    assert result.verdict is Verdict.FAIL
    assert any("musl" in finding.message for finding in result.findings)


def test_an_allocator_written_to_ld_so_preload_counts() -> None:
    step = make.run_step("echo", "/usr/lib/libjemalloc.so.2", ">", "/etc/ld.so.preload")
    plan = make.with_steps(make.build_plan(), step)
    assert memory(make.processes(), plan, make.bases(), make.deployment()).verdict is Verdict.PASS


def test_the_worst_service_decides() -> None:
    web = make.process(make.server(recycling="--max-requests 1000"), service="web")
    worker = make.process(make.server("celery", kind="worker", web=False), service="worker")
    assert judge(web, worker).verdict is Verdict.FAIL


def test_a_development_server_is_not_judged() -> None:
    result = judge(make.process(make.server("runserver", kind="development")))
    assert result.verdict is Verdict.NOT_APPLICABLE
    assert "development server" in result.summary


def test_a_short_lived_command_is_not_judged() -> None:
    command = make.process(make.server("python-script", kind="command", web=False), long_running=False)
    assert judge(command).verdict is Verdict.NOT_APPLICABLE


def test_an_image_without_python_is_not_judged() -> None:
    assert judge(python=False).verdict is Verdict.NOT_APPLICABLE


def test_an_unresolved_command_is_unknown_with_its_reason() -> None:
    result = judge(make.process(servers=(), unresolved="start.sh is generated"))
    assert result.verdict is Verdict.UNKNOWN
    assert "start.sh is generated" in result.summary


def test_an_unknown_base_is_unknown() -> None:
    assert judge(bases=make.bases(known=False)).verdict is Verdict.UNKNOWN
