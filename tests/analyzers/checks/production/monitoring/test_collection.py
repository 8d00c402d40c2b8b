from __future__ import annotations

import pytest

from analyzers.artifacts.code import Code, Route
from analyzers.artifacts.deployment import Companion, Deployment
from analyzers.checks.production.monitoring.collection import collection
from analyzers.results import Result, Verdict
from tests import builders as make


def judge(
    code: Code | None = None,
    deployment: Deployment | None = None,
    env: dict[str, str] | None = None,
    long_running: bool = True,
) -> Result:
    return collection(
        make.processes(make.process(service="web", long_running=long_running)),
        deployment or make.deployment(),
        make.build_plan(env=env or {}),
        make.bases(),
        code or make.code(),
        make.dependencies(),
    )


@pytest.mark.parametrize("topic", ["scrape_config", "metrics_collector"])
def test_a_scrape_configuration_passes(topic: str) -> None:
    assert judge(make.code(tools=(make.tool(topic, "prometheus.yml"),))).verdict is Verdict.PASS


def test_a_collector_beside_the_service_passes() -> None:
    collector = Companion("otel", "otel/opentelemetry-collector-contrib:0.130.0", make.place("compose.yaml", 30))
    assert judge(deployment=make.deployment(make.service(), companions=(collector,))).verdict is Verdict.PASS


def test_scrape_annotations_pass() -> None:
    assert judge(deployment=make.deployment(make.service(scrape=True))).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("http://collector:4317", Verdict.PASS),
        ("http://localhost:4317", Verdict.PARTIAL),
        ("", Verdict.PARTIAL),
    ],
)
def test_an_endpoint_counts_by_where_it_points(value: str, verdict: Verdict) -> None:
    web = make.service(environment={"OTEL_EXPORTER_OTLP_ENDPOINT": value})
    assert judge(deployment=make.deployment(web)).verdict is verdict


def test_metrics_that_nothing_collects_are_partial() -> None:
    assert judge(make.code(make.call("metrics_endpoint", "make_wsgi_app()"))).verdict is Verdict.PARTIAL
    route = Route("/metrics", "metrics", make.place("shop/app.py", 3), "flask", metrics=True)
    assert judge(make.code(routes=(route,))).verdict is Verdict.PARTIAL


def test_an_apm_endpoint_is_partial() -> None:
    result = judge(make.code(make.call("apm", "Sentry tracing")), env={"SENTRY_DSN": ""})
    assert result.verdict is Verdict.PARTIAL


def test_error_reports_alone_are_no_apm() -> None:
    assert judge(env={"SENTRY_DSN": "https://errors.example/1"}).verdict is Verdict.FAIL


def test_nothing_fails() -> None:
    result = judge()
    assert result.verdict is Verdict.FAIL
    assert "scrape_configs" in result.fix.text


def test_a_command_is_not_judged() -> None:
    assert judge(long_running=False).verdict is Verdict.NOT_APPLICABLE


def test_an_absent_source_is_unknown() -> None:
    assert judge(make.code(present=False)).verdict is Verdict.UNKNOWN
