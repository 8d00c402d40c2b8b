"""
Metrics help only where something collects them.

## What it checks

Something that scrapes or receives: a Prometheus job, a ServiceMonitor, scrape annotations, a collector among the
services, an OTLP or statsd endpoint with a value. Partial where metrics are exported and nothing collects them, where
the endpoint is only localhost or unset, or where there is only an APM endpoint. Nothing of it is a fail. Commands that
end by themselves are not judged.

## Why it matters

A metrics endpoint that nobody reads is code without a purpose. History, alerts and comparisons begin with collection,
and the interesting hour is always one before somebody thought of looking.

## How to fix

Before: the service serves `/metrics`, and that is all. After:

```yaml
scrape_configs:
  - job_name: shop
    static_configs:
      - targets: ["shop:8000"]
```

```yaml
services:
  prometheus:
    image: prom/prometheus:v3.5.0
    volumes:
      - ./prometheus.yml:/etc/prometheus/prometheus.yml:ro
```

## Traps

- An OTLP exporter with no endpoint sends to localhost, which in a container is the container itself.
- Scraping a service with several replicas through its load balancer mixes their counters.
"""

from __future__ import annotations

from analyzers.artifacts.bases import Bases
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.code import Code
from analyzers.artifacts.dependencies import Dependencies
from analyzers.artifacts.deployment import Deployment
from analyzers.artifacts.processes import Processes
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._places import block
from analyzers.checks._runs import Run, is_service, runs
from analyzers.checks._telemetry import (
    APM_ENDPOINTS,
    COLLECTORS,
    absence,
    apm_signs,
    at,
    companions_like,
    metrics_calls,
)
from analyzers.results import EvidenceLevel, Finding, Result, not_applicable, unknown

ENDPOINTS = (
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
    "STATSD_HOST",
    "STATSD_URL",
    "DD_DOGSTATSD_URL",
)
HERE = ("localhost", "127.0.0.1", "::1", "0.0.0.0")  # noqa: S104  (compared with, not bound to)


@check(
    order=28,
    weight=1,
    strongest=EvidenceLevel.MEASURED,
    title="Metrics are collected",
    failure_title="Nothing collects metrics",
)
def collection(
    processes: Processes, deployment: Deployment, plan: BuildPlan, bases: Bases, code: Code, dependencies: Dependencies
) -> Result:
    if not is_service(processes):
        return not_applicable("It is not a service: its commands end by themselves.")
    found = runs(processes, deployment, plan, bases)
    collectors = _collectors(code, deployment, found)
    if collectors:
        return Case(notes=collectors).decide(f"Metrics are collected: {collectors[0].message}")
    case = Case(shortfalls=_halves(code, dependencies, processes, found))
    if not case.shortfalls and not code.present:
        return unknown(f"{absence(code)}, and nothing in it collects metrics")
    if not case.shortfalls:
        case.fail("nothing scrapes or receives metrics, and none are exported")
    return case.decide("", fix=_fix(found[0]))


def _collectors(code: Code, deployment: Deployment, found: list[Run]) -> list[Finding]:
    tools = [tool for tool in code.tools if tool.topic in ("scrape_config", "metrics_collector")]
    result = [at(tool.where, f"{tool.name} collects") for tool in tools]
    result += [at(c.where, f"`{c.name}` runs beside it ({c.image})") for c in companions_like(deployment, COLLECTORS)]
    services = [run.service for run in found if run.service and run.service.scrape]
    result += [at(service.where, f"`{service.name}` carries scrape annotations") for service in services]
    return result + [at(run.environment.place(name), f"`{name}` is set") for run, name in _endpoints(found, away=True)]


def _halves(code: Code, dependencies: Dependencies, processes: Processes, found: list[Run]) -> list[Finding]:
    near = [
        at(run.environment.place(name), f"`{name}` has no value or stays on localhost")
        for run, name in _endpoints(found, away=False)
    ]
    exported = [
        at(c.where, f"metrics are made here ({c.detail}), but nothing collects them") for c in metrics_calls(code)
    ]
    routes = [at(r.where, f"`{r.path}` is served, but nothing collects it") for r in code.routes if r.metrics]
    apm = [
        at(at_.environment.place(name), f"`{name}` is an APM endpoint, not metrics collection")
        for at_, name in _apm(found)
    ]
    signs = [
        Finding(f"{s.message}, which is not metrics collection", s.path, s.line)
        for s in apm_signs(code, dependencies, processes)
    ]
    return near + exported + routes + signs + (apm if signs else [])


def _endpoints(found: list[Run], *, away: bool) -> list[tuple[Run, str]]:
    """The endpoint variables that point away from the container, or those that do not."""
    named = [(run, name) for run in found for name in ENDPOINTS if name in run.environment.values]
    return [(run, name) for run, name in named if _points_away(run.environment.get(name)) is away]


def _points_away(value: str) -> bool:
    return bool(value.strip()) and not any(host in value.lower() for host in HERE)


def _apm(found: list[Run]) -> list[tuple[Run, str]]:
    return [(run, name) for run in found for name in APM_ENDPOINTS if name in run.environment.values]


def _fix(run: Run) -> str:
    name = run.service.name if run.service else "app"
    port = run.service.ports[0] if run.service and run.service.ports else 8000
    text = f'scrape_configs:\n  - job_name: {name}\n    static_configs:\n      - targets: ["{name}:{port}"]'
    return (
        f"Let something collect from {run.label}, for example Prometheus with a `prometheus.yml`:{block('yaml', text)}"
    )
