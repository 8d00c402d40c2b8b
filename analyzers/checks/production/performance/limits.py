"""
The declared limits should be known to hold: the service stays healthy under load inside them.

## What it checks

Only a run can decide. Where this audit may run the image, it puts the service under load inside its declared limits,
looks for kills by the kernel, and searches the smallest memory limit that holds. Healthy passes; killed or unhealthy
fails. Without a run, a person has to say.

## Why it matters

A limit that was never tested is a guess with consequences: too low, and workers are killed one by one under load while
the service still looks alive; too high, and it protects nobody.

## How to fix

Start the image with the limits that production sets, drive it at the expected peak, and look at the kill flag:

```shell
docker run --detach --name trial --memory 384m --memory-swap 384m --cpus 1 example/shop:2.1
docker inspect --format '{{.State.OOMKilled}}' trial
```

## Traps

- The container may go on running after the kernel has killed one of its workers. Look at the flag, not at the state.
- Without `--memory-swap`, the container may use as much swap again, and the test says nothing.
"""

from __future__ import annotations

from analyzers.artifacts.deployment import Deployment
from analyzers.artifacts.missing import Missing
from analyzers.check import check
from analyzers.checks._runs import deciding_services
from analyzers.results import EvidenceLevel, Result, review


@check(
    order=27,
    weight=1,
    strongest=EvidenceLevel.MEASURED,
    title="The resource limits were tested",
    failure_title="The resource limits were not tested",
)
def limits(deployment: Deployment | Missing) -> Result:
    services = () if isinstance(deployment, Missing) else deciding_services(deployment)
    declared = [f"`{s.name}` {s.memory_limit or 'no memory limit'}, {s.cpu_limit or 'no CPU limit'}" for s in services]
    limits = f" Declared: {'; '.join(declared)}." if declared else ""
    return review(f"Limits can only be tested in a run: say whether the service was under load within them.{limits}")
