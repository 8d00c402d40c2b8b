"""
A service should count what it does (requests, errors, durations, queue lengths) and hand those numbers out.

## What it checks

A metrics library among the run-time dependencies (prometheus-client and the wrappers around it, OpenTelemetry, statsd
or Datadog clients) *and* its use in the code. Only one of the two is partial; so are an APM agent (Sentry with tracing,
New Relic, Elastic, ddtrace), a route that serves numbers as JSON, and metrics from an optional exporter beside the
service. Nothing of it is a fail. Commands that end by themselves are not judged.

## Why it matters

Logs tell what happened to one request, metrics tell what happens to all of them. "Is it slower since Tuesday?" and
"how many fail?" have no answer without them, and neither has an alert.

## How to fix

Before:

```python
app = FastAPI()
```

After:

```python
from prometheus_client import make_asgi_app

app = FastAPI()
app.mount("/metrics", make_asgi_app())
```

and `prometheus-client` in the dependencies.

## Traps

- With several worker processes each one has its own numbers. prometheus-client needs its multiprocess mode then.
- A label with a user's id or a full URL makes a time series per value and fills the server's memory.
- Keep `/metrics` off the public address.
"""

from __future__ import annotations

from analyzers.artifacts.code import Code
from analyzers.artifacts.dependencies import Dependencies
from analyzers.artifacts.deployment import Deployment
from analyzers.artifacts.processes import Processes
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._places import block, python_manifest
from analyzers.checks._runs import is_service, only_serves_files
from analyzers.checks._telemetry import (
    absence,
    apm_signs,
    at,
    companions_like,
    metrics_calls,
    metrics_libraries,
    unread_note,
    wrappers,
)
from analyzers.results import EvidenceLevel, Finding, Result, not_applicable, unknown


@check(
    order=22,
    weight=1,
    strongest=EvidenceLevel.STATIC,
    title="The application exports metrics",
    failure_title="The application exports no metrics",
)
def app_metrics(processes: Processes, dependencies: Dependencies, code: Code, deployment: Deployment) -> Result:
    if not is_service(processes):
        return not_applicable("It is not a service: its commands end by themselves.")
    libraries = [at(r.where, f"`{r.name}` is a run-time dependency") for r in metrics_libraries(dependencies)]
    uses = [at(call.where, f"metrics are made here ({call.detail})") for call in metrics_calls(code)]
    uses += [at(where, f"the command runs under `{name}`") for name, where in wrappers(processes, ("opentelemetry-",))]
    halves = _halves(libraries, uses) + apm_signs(code, dependencies, processes) + _others(code, deployment)
    unseen = _unseen(code, processes, libraries)
    if unseen and not (libraries and uses):
        return unknown(unseen, *halves)
    return _decide(libraries, uses, halves, unread_note(code), dependencies)


def _decide(
    libraries: list[Finding],
    uses: list[Finding],
    halves: list[Finding],
    gaps: list[Finding],
    dependencies: Dependencies,
) -> Result:
    if libraries and uses:
        return Case(notes=libraries + uses).decide(f"Metrics come from {_first(libraries)} and are used in the code")
    if halves:
        return Case(shortfalls=halves, notes=gaps).decide("", fix=_fix(dependencies))
    case = Case(notes=gaps)
    case.fail("no metrics library, no APM agent and no metrics route is seen")
    return case.decide("", fix=_fix(dependencies))


def _halves(libraries: list[Finding], uses: list[Finding]) -> list[Finding]:
    """One of the two without the other."""
    if libraries and not uses:
        return [
            Finding(f"{found.message}, but nothing in the code uses it", found.path, found.line) for found in libraries
        ]
    if uses and not libraries:
        return [Finding(f"{f.message}, but no metrics library is a run-time dependency", f.path, f.line) for f in uses]
    return []


def _others(code: Code, deployment: Deployment) -> list[Finding]:
    routes = [r for r in code.routes if r.path.rstrip("/").rsplit("/", 1)[-1] in ("metrics", "metrics.json")]
    found = [
        at(r.where, f"`{r.path}` serves numbers, though not by a metrics library") for r in routes if not r.metrics
    ]
    exporters = companions_like(deployment, ("exporter",))
    own = [e for e in exporters if "node-exporter" not in e.image and "node_exporter" not in e.image]
    return found + [at(e.where, f"the side service `{e.name}` exports metrics for it") for e in own]


def _unseen(code: Code, processes: Processes, libraries: list[Finding]) -> str:
    if not code.present:
        return absence(code)
    if not processes.python and not code.python and libraries and not only_serves_files(processes):
        return "A metrics library is declared, but code that is not Python is not read."
    return ""


def _first(libraries: list[Finding]) -> str:
    return libraries[0].message.split(" is ")[0]


def _fix(dependencies: Dependencies) -> str:
    manifest = python_manifest(dependencies, "requirements.txt")
    code = "from prometheus_client import Counter\n\nREQUESTS = Counter('requests_total', 'Requests', ['route'])"
    return f"Add `prometheus-client` to `{manifest}` and serve its numbers:{block('python', code)}"
