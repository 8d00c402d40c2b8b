from __future__ import annotations

from analyzers.checks.runtime.resources.limits import limits
from analyzers.results import Verdict
from tests import builders as make


def test_both_limits_pass() -> None:
    result = limits(make.deployment(make.service(memory_limit="512M", cpu_limit="1.5")))
    assert result.verdict is Verdict.PASS
    assert "512M" in result.summary


def test_one_limit_is_partial_and_the_fix_keeps_it() -> None:
    result = limits(make.deployment(make.service(memory_limit="300M")))
    assert result.verdict is Verdict.PARTIAL
    assert "memory: 300M" in result.fix.text
    assert "`compose.yaml`, line 3" in result.fix.text


def test_no_limit_fails() -> None:
    assert limits(make.deployment(make.service())).verdict is Verdict.FAIL


def test_the_worst_service_decides() -> None:
    limited = make.service("web", memory_limit="1G", cpu_limit="1")
    result = limits(make.deployment(limited, make.service("worker")))
    assert result.verdict is Verdict.FAIL
    assert "worker" in result.summary


def test_without_a_deployment_file_a_person_has_to_say() -> None:
    result = limits(make.deployment())
    assert result.verdict is Verdict.REVIEW
    assert "attest" in result.summary


def test_a_development_set_never_lowers_the_verdict() -> None:
    assert limits(make.deployment(make.service(), development=True)).verdict is Verdict.REVIEW


def test_a_missing_base_file_makes_absent_limits_unknown() -> None:
    result = limits(make.deployment(make.service(), incomplete="compose.base.yaml is missing"))
    assert result.verdict is Verdict.UNKNOWN
    assert "compose.base.yaml is missing" in result.summary


def test_a_deployment_that_could_not_be_read_is_unknown() -> None:
    assert limits(make.deployment(incomplete="compose.yaml does not parse")).verdict is Verdict.UNKNOWN


def test_kubernetes_gets_its_own_dialect() -> None:
    pod = make.service()
    pod = type(pod)(pod.name, make.place("deploy/web.yaml", 12), "kubernetes")
    assert "cpu:" in limits(make.deployment(pod)).fix.text
