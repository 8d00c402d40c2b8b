from __future__ import annotations

import pytest

from analyzers.artifacts.code import Code, Route
from analyzers.artifacts.processes import Processes
from analyzers.checks.production.monitoring.endpoints import endpoints
from analyzers.results import Result, Verdict
from tests import builders as make


def route(path: str, handler: str = "handler", **more: object) -> Route:
    return Route(path, handler, make.place("shop/app.py", 7), "flask", **more)  # type: ignore[arg-type]


def judge(*routes: Route, code: Code | None = None, processes: Processes | None = None, check: str = "") -> Result:
    plan = make.build_plan(healthcheck=f"CMD curl -f {check}" if check else None, healthcheck_line=5)
    found = code or make.code(routes=routes)
    return endpoints(processes or make.processes(), found, plan, make.bases(), make.deployment())


def test_a_route_that_checks_a_dependency_passes() -> None:
    result = judge(route("/ready", touches=("database",)))
    assert result.verdict is Verdict.PASS
    assert "database" in result.summary


def test_light_and_thorough_together_pass() -> None:
    assert judge(route("/live"), route("/ready", touches=("redis",))).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "path", ["/health", "/healthz/", "/api/v1/health-check/", "/ping", "/up", "/status", "/__heartbeat__", "/_health"]
)
def test_one_light_route_is_partial(path: str) -> None:
    assert judge(route("/"), route(path)).verdict is Verdict.PARTIAL


def test_the_handler_s_name_counts() -> None:
    assert judge(route("/api/about", "health_check")).verdict is Verdict.PARTIAL


def test_a_check_behind_a_login_is_partial() -> None:
    result = judge(route("/health", touches=("database",), protected=True))
    assert result.verdict is Verdict.PARTIAL
    assert "login" in result.summary


@pytest.mark.parametrize("path", ["/", "/signup", "/orders/{id}/status", "/uptime-report", "/metrics"])
def test_an_ordinary_page_is_not_a_health_route(path: str) -> None:
    result = judge(route(path))
    assert result.verdict is Verdict.FAIL
    assert "`shop/app.py`" in result.fix.text


def test_an_ordinary_page_that_a_health_check_calls_counts() -> None:
    assert judge(route("/about"), check="http://localhost:8000/about").verdict is Verdict.PARTIAL


def test_a_called_health_path_that_the_code_does_not_show_is_partial() -> None:
    assert judge(route("/"), check="http://127.0.0.1:8000/healthz").verdict is Verdict.PARTIAL


def test_what_is_not_a_web_application_is_not_judged() -> None:
    worker = make.processes(make.process(make.server("celery", kind="worker", web=False)))
    assert judge(processes=worker).verdict is Verdict.NOT_APPLICABLE


def test_routes_that_could_not_be_read_are_unknown() -> None:
    result = judge(code=make.code(routes_unknown="they are registered in a loop"))
    assert result.verdict is Verdict.UNKNOWN
    assert "registered in a loop" in result.summary


def test_an_absent_source_and_another_language_are_unknown() -> None:
    assert judge(code=make.code(present=False)).verdict is Verdict.UNKNOWN
    node = make.processes(make.process(make.server("node", kind="other")), python=False)
    assert judge(code=make.code(python=False), processes=node).verdict is Verdict.UNKNOWN
