from __future__ import annotations

from analyzers.artifacts.code import Code, Route
from analyzers.artifacts.dependencies import Dependencies
from analyzers.artifacts.deployment import Companion, Deployment
from analyzers.artifacts.processes import Processes
from analyzers.checks.runtime.monitoring.app_metrics import app_metrics
from analyzers.results import Result, Verdict
from tests import builders as make

USED = make.call("metrics", "Counter")


def judge(
    dependencies: Dependencies | None = None,
    code: Code | None = None,
    processes: Processes | None = None,
    deployment: Deployment | None = None,
) -> Result:
    return app_metrics(
        processes or make.processes(),
        dependencies or make.dependencies(),
        code or make.code(),
        deployment or make.deployment(),
    )


def test_a_library_that_is_used_passes() -> None:
    result = judge(make.dependencies("prometheus-client"), make.code(USED))
    assert result.verdict is Verdict.PASS
    assert "prometheus-client" in result.summary


def test_a_library_that_nothing_uses_is_partial() -> None:
    assert judge(make.dependencies("opentelemetry-sdk")).verdict is Verdict.PARTIAL


def test_use_without_a_declared_library_is_partial() -> None:
    assert judge(code=make.code(USED)).verdict is Verdict.PARTIAL


def test_use_in_tests_does_not_count() -> None:
    code = make.code(make.call("metrics", "Counter", test=True))
    assert judge(make.dependencies("prometheus-client"), code).verdict is Verdict.PARTIAL


def test_a_wrapper_that_instruments_is_use() -> None:
    process = make.process(via=(("opentelemetry-instrument", make.place()),))
    assert judge(make.dependencies("opentelemetry-distro"), processes=make.processes(process)).verdict is Verdict.PASS


def test_tracing_by_an_apm_agent_is_partial() -> None:
    assert judge(code=make.code(make.call("apm", "Sentry tracing"))).verdict is Verdict.PARTIAL
    assert judge(make.dependencies("ddtrace")).verdict is Verdict.PARTIAL


def test_sentry_without_tracing_does_not_count() -> None:
    assert judge(make.dependencies("sentry-sdk")).verdict is Verdict.FAIL


def test_a_json_route_is_partial() -> None:
    code = make.code(routes=(Route("/api/metrics", "numbers", make.place("shop/app.py", 9), "flask"),))
    assert judge(code=code).verdict is Verdict.PARTIAL


def test_an_exporter_beside_the_service_is_partial() -> None:
    exporter = Companion("statsd", "prom/statsd-exporter:v0.28", make.place("compose.yaml", 20))
    assert judge(deployment=make.deployment(make.service(), companions=(exporter,))).verdict is Verdict.PARTIAL


def test_nothing_fails_with_the_manifest_to_change() -> None:
    result = judge()
    assert result.verdict is Verdict.FAIL
    assert "`requirements.txt`" in result.fix.text


def test_a_command_is_not_judged() -> None:
    processes = make.processes(make.process(long_running=False))
    assert judge(processes=processes).verdict is Verdict.NOT_APPLICABLE


def test_an_absent_source_is_unknown() -> None:
    result = judge(code=make.code(present=False, absent_reason="cloned at build time"))
    assert result.verdict is Verdict.UNKNOWN
    assert "loned at build time" in result.summary


def test_code_of_another_language_with_a_library_is_unknown() -> None:
    node = make.processes(make.process(make.server("node", kind="other")), python=False)
    assert judge(make.dependencies("prom-client"), make.code(python=False), node).verdict is Verdict.UNKNOWN


def test_a_file_that_could_not_be_read_is_told() -> None:
    result = judge(code=make.code(unread=(("shop/old.py", "Python 2"),)))
    assert result.verdict is Verdict.FAIL
    assert any(finding.path == "shop/old.py" for finding in result.findings)
