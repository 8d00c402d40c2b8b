from __future__ import annotations

from analyzers.artifacts.code import Code
from analyzers.artifacts.dependencies import Dependencies
from analyzers.artifacts.deployment import Companion, Deployment
from analyzers.checks.runtime.monitoring.resources import resources
from analyzers.results import Result, Verdict
from tests import builders as make

CADVISOR = Companion("cadvisor", "gcr.io/cadvisor/cadvisor:v0.52.1", make.place("compose.yaml", 30))
COLLECTOR = make.call("process_metrics", "prometheus process collector")
ENDPOINT = make.call("metrics_endpoint", "make_asgi_app")


def judge(
    code: Code | None = None,
    dependencies: Dependencies | None = None,
    deployment: Deployment | None = None,
    env: dict[str, str] | None = None,
    long_running: bool = True,
) -> Result:
    return resources(
        make.processes(make.process(long_running=long_running)),
        dependencies or make.dependencies(),
        code or make.code(),
        deployment or make.deployment(),
        make.build_plan(env=env or {}),
        make.bases(),
    )


def test_process_figures_in_the_code_pass() -> None:
    assert judge(make.code(make.call("process_metrics", "psutil.Process"))).verdict is Verdict.PASS


def test_an_agent_beside_the_service_passes() -> None:
    assert judge(deployment=make.deployment(make.service(), companions=(CADVISOR,))).verdict is Verdict.PASS


def test_an_agent_of_a_development_set_does_not_count() -> None:
    deployment = make.deployment(make.service(), companions=(CADVISOR,), development=True)
    assert judge(deployment=deployment).verdict is Verdict.FAIL


def test_a_served_default_registry_passes() -> None:
    assert judge(make.code(ENDPOINT, COLLECTOR), make.dependencies("prometheus-client")).verdict is Verdict.PASS


def test_the_multiprocess_mode_serves_no_process_figures() -> None:
    result = judge(make.code(ENDPOINT, COLLECTOR), env={"PROMETHEUS_MULTIPROC_DIR": "/tmp"})
    assert result.verdict is Verdict.PARTIAL


def test_a_metrics_library_without_an_endpoint_is_partial() -> None:
    assert judge(dependencies=make.dependencies("prometheus-client")).verdict is Verdict.PARTIAL


def test_nothing_fails() -> None:
    result = judge()
    assert result.verdict is Verdict.FAIL
    assert "cadvisor" in result.fix.text


def test_a_command_is_not_judged() -> None:
    assert judge(long_running=False).verdict is Verdict.NOT_APPLICABLE


def test_an_absent_source_is_unknown_unless_an_agent_runs() -> None:
    absent = make.code(present=False)
    assert judge(absent).verdict is Verdict.UNKNOWN
    assert judge(absent, deployment=make.deployment(make.service(), companions=(CADVISOR,))).verdict is Verdict.PASS
