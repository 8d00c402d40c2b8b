"""
Before production meets the traffic, a test should have met it.

## What it checks

A bounded load run by this audit decides, where it may run: under 1 % errors passes, and the figures are shown. Without
one, load-test files in the repository (Locust, k6, JMeter, wrk, Vegeta, Artillery) are partial: a test is defined, but
no result is recorded. Otherwise a person has to say.

## Why it matters

Worker counts, pool sizes and time-outs only show their worth together and under load. The first hundred concurrent
users find the connection pool of five, and it is cheaper when they are not customers.

## How to fix

```python
from locust import HttpUser, between, task


class Visitor(HttpUser):
    wait_time = between(1, 3)

    @task
    def list_orders(self) -> None:
        self.client.get("/orders")
```

Run it for some minutes at the expected peak and at twice that, and note requests per second, p95 and errors with the
revision.

## Traps

- A load generator on the same machine competes for its cores. Watch the client's own CPU.
- A closed loop (each user waits for the answer) hides long pauses. Look at p99, not at the mean.
"""

from __future__ import annotations

from analyzers.artifacts.code import Code
from analyzers.artifacts.processes import Processes
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._places import block, line_of
from analyzers.checks._runs import is_service
from analyzers.results import EvidenceLevel, Result, not_applicable, review


@check(
    order=25,
    weight=2,
    strongest=EvidenceLevel.MEASURED,
    title="A load test was completed",
    failure_title="No load test result is known",
)
def load(processes: Processes, code: Code) -> Result:
    if not is_service(processes):
        return not_applicable("It is not a service: its commands end by themselves.")
    tests = [tool for tool in code.tools if tool.topic == "load_test"]
    if not tests:
        return review("No load test is seen in the repository: say whether one was done, and with what result.")
    case = Case()
    for tool in tests:
        case.lower(f"a load test is defined ({tool.name}), but no result is recorded", tool.where.path, tool.where.line)
    return case.decide("", fix=_fix(tests[0].name, line_of(tests[0].where)))


def _fix(name: str, place: str) -> str:
    text = "revision  users  requests/s  p50 ms  p95 ms  p99 ms  errors %"
    return f"Run the {name} test of {place} at the expected peak and keep its figures:{block('text', text)}"
