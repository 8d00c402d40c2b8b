"""
Someone should see how much memory and CPU the service's processes and its host really use.

## What it checks

Process or host figures that leave the container: psutil used in the code, the Prometheus process collector on a
served metrics endpoint, OpenTelemetry's system metrics; or an agent that the deployment runs beside it (cAdvisor,
node-exporter, Telegraf, Datadog). A metrics library whose process collector is not served is partial. The length of
a queue or the size of a database is application status, not this.

## Why it matters

Limits, worker counts and instance sizes are guesses until somebody looks at the real use. A slow leak shows in a week
of memory figures and nowhere else.

## How to fix

Before:

```yaml
services:
  shop:
    image: example/shop:2.1
```

After:

```yaml
services:
  shop:
    image: example/shop:2.1
  cadvisor:
    image: gcr.io/cadvisor/cadvisor:v0.52.1
    volumes:
      - /sys:/sys:ro
      - /var/lib/docker:/var/lib/docker:ro
```

## Traps

- prometheus-client serves process figures by itself on Linux, but not in multiprocess mode and not from a registry of
  your own.
- `psutil.virtual_memory()` inside a container shows the *host's* memory, not the container's limit.
- An agent with the engine's socket mounted can do anything on the host. Prefer one that reads cgroups.
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
from analyzers.checks._places import block, services_list
from analyzers.checks._runs import is_service, runs
from analyzers.checks._telemetry import (
    RESOURCE_AGENTS,
    absence,
    at,
    companions_like,
    metrics_calls,
    metrics_libraries,
    unread_note,
)
from analyzers.results import EvidenceLevel, Finding, Result, not_applicable, unknown

MULTIPROCESS = ("PROMETHEUS_MULTIPROC_DIR", "prometheus_multiproc_dir")


@check(
    order=23,
    weight=1,
    strongest=EvidenceLevel.STATIC,
    title="Process or host resources are monitored",
    failure_title="Nobody watches memory and CPU",
)
def resources(
    processes: Processes,
    dependencies: Dependencies,
    code: Code,
    deployment: Deployment,
    plan: BuildPlan,
    bases: Bases,
) -> Result:
    if not is_service(processes):
        return not_applicable("It is not a service: its commands end by themselves.")
    multiprocess = any(
        name in run.environment.values for run in runs(processes, deployment, plan, bases) for name in MULTIPROCESS
    )
    signs = _agents(code, deployment) + _exports(code, multiprocess)
    if signs:
        return Case(notes=signs).decide(f"Resources are watched: {signs[0].message}")
    if not code.present:
        return unknown(f"{absence(code)}, and no agent runs beside it")
    return _decide_without(code, dependencies, deployment)


def _agents(code: Code, deployment: Deployment) -> list[Finding]:
    beside = companions_like(deployment, RESOURCE_AGENTS)
    found = [at(companion.where, f"`{companion.name}` runs beside it ({companion.image})") for companion in beside]
    return found + [at(t.where, f"{t.name} is set up") for t in code.tools if t.topic == "monitoring_agent"]


def _exports(code: Code, multiprocess: bool) -> list[Finding]:
    """In prometheus-client's multiprocess mode no process collector is served."""
    calls = [call for call in code.calls_about("process_metrics") if call.reachable]
    useful = [call for call in calls if not (multiprocess and "prometheus" in call.detail.lower())]
    return [at(call.where, f"process or host figures are read here ({call.detail})") for call in useful]


def _decide_without(code: Code, dependencies: Dependencies, deployment: Deployment) -> Result:
    case = Case(notes=unread_note(code))
    for requirement in metrics_libraries(dependencies):
        message = f"`{requirement.name}` is there, but its process figures are not served"
        case.lower(message, requirement.where.path, requirement.where.line)
    for call in metrics_calls(code):
        case.lower(f"metrics are made here ({call.detail}), but no process figures", call.where.path, call.where.line)
    if not case.shortfalls:
        case.fail("nothing exports process or host figures, and no agent runs beside the service")
    return case.decide("", fix=_fix(deployment))


def _fix(deployment: Deployment) -> str:
    where = f"`{deployment.files[0]}`" if deployment.files else "the file that deploys it"
    beside = f" beside {services_list(deployment)}" if deployment.services and not deployment.development else ""
    agent = "cadvisor:\n  image: gcr.io/cadvisor/cadvisor:v0.52.1\n  volumes:\n    - /sys:/sys:ro"
    return f"Run an agent in {where}{beside}, or serve prometheus-client's default registry:{block('yaml', agent)}"
