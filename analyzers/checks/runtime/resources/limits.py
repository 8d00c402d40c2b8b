"""
Where a service is deployed, it should have a ceiling for memory and for CPU.

## What it checks

The deployment files that run this image: Compose (`deploy.resources.limits`, `mem_limit`, `cpus`), Kubernetes and
Helm (`resources.limits`). Both limits on every service of this image pass, one of them is partial, none is a fail.
Where no deployment file of the repository runs the image, only a person can tell, and the item asks for one.

## Why it matters

Without a memory limit one leaking worker takes the whole machine down with its neighbours, and the kernel chooses the
victim. Without a CPU limit a busy loop in one service is latency in all others. A limit also makes capacity a number
that can be planned and tested.

## How to fix

Before:

```yaml
services:
  reports:
    image: example/reports:1.4
```

After:

```yaml
services:
  reports:
    image: example/reports:1.4
    deploy:
      resources:
        limits:
          memory: 384M
          cpus: "1.0"
```

Measure first: take the peak under load and add about a quarter.

## Traps

- Python and many libraries look at the machine's cores, not at the limit. Set worker and thread counts yourself.
- A memory *reservation* or *request* is not a limit.
- A limit below the real peak kills workers one by one while the service still looks alive. Test it under load.
"""

from __future__ import annotations

from analyzers.artifacts.deployment import Deployment, Service
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._places import block, line_of
from analyzers.checks._runs import deciding_services
from analyzers.results import EvidenceLevel, Result, review, unknown


@check(
    order=19,
    weight=2,
    strongest=EvidenceLevel.STATIC,
    title="Memory and CPU limits are set",
    failure_title="Memory or CPU limits are not set",
)
def limits(deployment: Deployment) -> Result:
    services = deciding_services(deployment)
    if deployment.incomplete and not deployment.development and not services:
        return unknown(f"The deployment files could not be read wholly: {deployment.incomplete}.")
    if not services:
        return review(_who_knows(deployment))
    case = Case()
    for service in services:
        _judge(case, service, deployment.incomplete)
    names = ", ".join(f"`{s.name}` {s.memory_limit} and {s.cpu_limit} CPU" for s in services)
    return case.decide(f"Limits are set: {names}", fix=_fix(services))


def _judge(case: Case, service: Service, gap: str) -> None:
    missing = [name for name, limit in _limits(service).items() if limit is None]
    if not missing:
        return
    message = f"service `{service.name}` has no {' and no '.join(missing)} limit"
    if gap:
        case.doubt(f"{message} here, but {gap}", service.where.path, service.where.line)
        return
    judge = case.fail if len(missing) == 2 else case.lower
    judge(message, service.where.path, service.where.line)


def _limits(service: Service) -> dict[str, str | None]:
    return {"memory": service.memory_limit, "CPU": service.cpu_limit}


def _who_knows(deployment: Deployment) -> str:
    reason = (
        "only a development set runs this image" if deployment.development else "no deployment file runs this image"
    )
    return f"Limits are set where it is deployed, and {reason} here: attest them."


def _fix(services: tuple[Service, ...]) -> str:
    """One block for each service that lacks a limit, in the dialect of its file."""
    return "\n".join(_fix_for(service) for service in services if None in _limits(service).values())


def _fix_for(service: Service) -> str:
    memory, cpu = service.memory_limit or "512M", service.cpu_limit or "1.0"
    place = f"In {line_of(service.where)}, for `{service.name}` (start from the measured peak plus a quarter):"
    if service.kind == "compose":
        text = f'deploy:\n  resources:\n    limits:\n      memory: {memory}\n      cpus: "{cpu}"'
    else:
        text = f'resources:\n  limits:\n    memory: {memory.replace("M", "Mi")}\n    cpu: "{cpu}"'
    return place + block("yaml", text)
