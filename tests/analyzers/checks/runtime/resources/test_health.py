from __future__ import annotations

import pytest

from analyzers.artifacts.bases import Bases
from analyzers.artifacts.deployment import HealthProbe, Service
from analyzers.artifacts.installs import Installs
from analyzers.checks.runtime.resources.health import health
from analyzers.results import Result, Verdict
from tests import builders as make

CURL = "CMD curl -f http://localhost:8000/healthz || exit 1"
PYTHON = "CMD python -c 'import app; app.check()'"


def judge(
    text: str | None = None,
    *services: Service,
    flags: dict[str, str] | None = None,
    bases: Bases | None = None,
    installs: Installs | None = None,
    long_running: bool = True,
) -> Result:
    plan = make.build_plan(healthcheck=text, healthcheck_line=7, healthcheck_flags=flags or {"timeout": "3s"})
    processes = make.processes(make.process(service="web", long_running=long_running))
    return health(processes, plan, bases or make.bases(), make.deployment(*services), installs or make.installs())


def probed(*test: str, **more: object) -> Service:
    probe = HealthProbe(make.place("compose.yaml", 9), test, timeout_seconds=3, **more)  # type: ignore[arg-type]
    return make.service(health=probe)


def test_a_health_check_of_the_image_passes() -> None:
    assert judge(PYTHON).verdict is Verdict.PASS


def test_a_health_check_of_the_service_passes() -> None:
    assert judge(None, probed("CMD", "python", "check.py")).verdict is Verdict.PASS


def test_a_kubernetes_probe_passes() -> None:
    assert judge(None, probed("HTTP", "/healthz", "8000")).verdict is Verdict.PASS


def test_no_health_check_fails_with_a_fix_for_the_exposed_port() -> None:
    result = judge(None)
    assert result.verdict is Verdict.FAIL
    assert "HEALTHCHECK" in result.fix.text
    assert "127.0.0.1:8000" in result.fix.text


def test_none_fails() -> None:
    assert judge("NONE").verdict is Verdict.FAIL


def test_a_service_that_switches_the_check_off_fails() -> None:
    assert judge(PYTHON, probed(disabled=True)).verdict is Verdict.FAIL


@pytest.mark.parametrize("text", ["CMD exit 0", "CMD true", "CMD curl -f localhost/ || true", "CMD ./check.sh; exit 0"])
def test_a_check_that_can_never_fail_is_partial(text: str) -> None:
    assert judge(text, bases=make.bases(make.base_facts(tools=frozenset({"curl"})))).verdict is Verdict.PARTIAL


@pytest.mark.parametrize("name", ["interval", "timeout"])
def test_a_time_of_zero_is_partial(name: str) -> None:
    assert judge(PYTHON, flags={name: "0s", "retries": "3"}).verdict is Verdict.PARTIAL


def test_a_tool_that_the_image_lacks_is_partial() -> None:
    result = judge(CURL)
    assert result.verdict is Verdict.PARTIAL
    assert "`curl`" in result.summary


def test_a_tool_of_the_base_or_an_installed_one_passes() -> None:
    assert judge(CURL, bases=make.bases(make.base_facts(tools=frozenset({"curl"})))).verdict is Verdict.PASS
    assert judge(CURL, installs=make.installs(make.install("apt", packages=("curl",)))).verdict is Verdict.PASS


def test_a_tool_that_an_unknown_base_may_have_is_not_doubted() -> None:
    assert judge(CURL, bases=make.bases(known=False)).verdict is Verdict.PASS


def test_an_absent_timeout_is_a_finding_only() -> None:
    result = judge(PYTHON, flags={"interval": "30s"})
    assert result.verdict is Verdict.PASS
    assert "timeout" in result.findings[0].message


def test_a_health_check_of_the_base_passes() -> None:
    assert judge(None, bases=make.bases(make.base_facts(has_healthcheck=True))).verdict is Verdict.PASS


def test_what_an_unknown_base_could_bring_is_unknown() -> None:
    assert judge(None, bases=make.bases(known=False)).verdict is Verdict.UNKNOWN


def test_short_lived_commands_are_not_judged() -> None:
    assert judge(None, long_running=False).verdict is Verdict.NOT_APPLICABLE


def test_a_service_that_only_changes_times_keeps_the_image_s_test() -> None:
    assert judge(PYTHON, probed(interval_seconds=5)).verdict is Verdict.PASS
