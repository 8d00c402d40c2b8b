from __future__ import annotations

from analyzers.artifacts.bases import Bases
from analyzers.artifacts.code import Code, LoggingSetup
from analyzers.artifacts.processes import Process
from analyzers.checks.production.monitoring.logging import logging
from analyzers.results import Result, Verdict
from tests import builders as make


def setup(stream: bool = True, **more: object) -> LoggingSetup:
    return LoggingSetup("dictConfig", make.place("shop/log.py", 4), stream, **more)  # type: ignore[arg-type]


def judge(
    *setups: LoggingSetup, process: Process | None = None, code: Code | None = None, bases: Bases | None = None
) -> Result:
    processes = make.processes(process or make.process())
    found = code or make.code(logging=setups)
    return logging(processes, found, make.deployment(), make.build_plan(), bases or make.bases())


def test_logging_with_a_stream_handler_passes() -> None:
    assert judge(setup()).verdict is Verdict.PASS


def test_an_access_log_on_the_console_passes() -> None:
    assert judge(process=make.process(make.server(access_log="stdout"))).verdict is Verdict.PASS


def test_files_beside_the_console_are_a_finding_only() -> None:
    result = judge(setup(files=("/var/log/shop.log",)))
    assert result.verdict is Verdict.PASS
    assert "/var/log/shop.log" in result.findings[0].message


def test_files_alone_are_partial() -> None:
    assert judge(setup(stream=False, files=("/var/log/shop.log",))).verdict is Verdict.PARTIAL


def test_an_access_log_that_is_switched_off_is_partial() -> None:
    off = make.process(make.server("uvicorn", access_log="off", access_log_default_on=True))
    assert judge(setup(), process=off).verdict is Verdict.PARTIAL


def test_a_server_that_logs_by_default_is_partial() -> None:
    talking = make.process(make.server("uvicorn", access_log_default_on=True))
    assert judge(process=talking).verdict is Verdict.PARTIAL


def test_nothing_fails_and_the_fix_names_gunicorn_s_option() -> None:
    result = judge()
    assert result.verdict is Verdict.FAIL
    assert "--access-logfile -" in result.fix.text


def test_a_configuration_that_the_service_never_imports_does_not_count() -> None:
    result = judge(setup(reachable=False))
    assert result.verdict is Verdict.FAIL
    assert any(finding.path == "shop/log.py" for finding in result.findings)


def test_an_absent_source_is_unknown() -> None:
    assert judge(code=make.code(present=False)).verdict is Verdict.UNKNOWN


def test_an_unresolved_command_is_unknown() -> None:
    assert judge(process=make.process(servers=(), unresolved="downloaded")).verdict is Verdict.UNKNOWN


def test_what_an_unknown_base_could_configure_is_unknown() -> None:
    assert judge(bases=make.bases(known=False)).verdict is Verdict.UNKNOWN


def test_a_command_is_not_judged() -> None:
    assert judge(process=make.process(long_running=False)).verdict is Verdict.NOT_APPLICABLE
