"""
Independent kinds of expensive work should be in steps that the builder can run at the same time.

## What it checks

Kinds of expensive work: a front-end build, the Python dependencies, a compiled component of the project's own. System
packages belong to the kind that they serve. A step waits for the instruction before it, for the stage that its stage
is built from, and for every stage that it copies or mounts from.

- **Pass:** two kinds stand in steps of which neither waits for the other.
- **Fail:** there are two kinds, and each waits for the one before.
- **Not applicable:** there is only one kind.

## Why it matters

BuildKit runs independent stages at once. A front-end build of two minutes beside a dependency install of two minutes
then takes two minutes instead of four, on every cold build, and a change of one does not repeat the other.

## How to fix

Before:

```dockerfile
FROM python:3.13-slim
RUN apt-get update && apt-get install --yes nodejs npm
COPY web ./web
RUN npm --prefix web ci && npm --prefix web run build
COPY requirements.txt .
RUN pip install -r requirements.txt
```

After:

```dockerfile
FROM node:24-slim AS web
WORKDIR /web
COPY web/package.json web/package-lock.json ./
RUN npm ci
COPY web ./
RUN npm run build

FROM python:3.13-slim
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY --from=web /web/dist ./static
```

## Traps

- Place `COPY --from=web` *below* the dependency install. Above it, the install waits for the front end again.
- `FROM web AS final` chains the stages: everything in `final` waits for everything in `web`.
- A second stage that only downloads a tool gains nothing here; the slow work has to be on both sides.
"""

from __future__ import annotations

import itertools

from analyzers.artifacts.build_plan import BuildPlan, Step
from analyzers.artifacts.installs import Installs
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._dockerfile import at, installs_in, lines_of, unread_in
from analyzers.checks._kinds import kinds_of_work
from analyzers.checks.build.speed._graph import StepGraph
from analyzers.results import EvidenceLevel, Result, not_applicable, unknown


@check(
    order=13,
    weight=1,
    strongest=EvidenceLevel.MEASURED,
    title="Independent work can run in parallel",
    failure_title="Independent work waits in one line",
)
def parallel(plan: BuildPlan, installs: Installs) -> Result:
    work = kinds_of_work(plan, installs)
    if len(work) < 2:
        return _too_few(plan, installs, work)
    case = Case()
    for kind, steps in work.items():
        case.note(f"{kind} on {lines_of(steps)}", *at(plan, steps[0]))
    pair = _independent_pair(plan, work)
    if pair is None:
        kinds = " and ".join(work)
        case.fail(f"{kinds} wait for each other, though they need nothing of each other", *at(plan, _last(work)))
    independent = f"{' and '.join(pair or ())} do not wait for each other"
    return case.decide(independent[:1].upper() + independent[1:], fix=_fix(work))


def _too_few(plan: BuildPlan, installs: Installs, work: dict[str, list[Step]]) -> Result:
    steps = [step for stage in plan.reached_stages() for step in stage.steps]
    unread = [(step, why) for step, why in unread_in(steps, installs) if not installs_in(installs, step)]
    if unread and work:
        step, why = unread[0]
        return unknown(f"What the RUN on line {step.line} does cannot be told: {why}")
    kinds = f"One kind of expensive work: {next(iter(work))}" if work else "No expensive work"
    return not_applicable(f"{kinds}, so there is nothing to run beside it")


def _independent_pair(plan: BuildPlan, work: dict[str, list[Step]]) -> tuple[str, str] | None:
    graph = StepGraph(plan)
    for (one, first), (other, second) in itertools.combinations(work.items(), 2):
        if any(graph.independent(a, b) for a in first for b in second):
            return one, other
    return None


def _last(work: dict[str, list[Step]]) -> Step:
    return max((step for steps in work.values() for step in steps), key=lambda step: step.line)


def _fix(work: dict[str, list[Step]]) -> str:
    first, second, *_ = work.items()
    return (
        f"Give {first[0]} ({lines_of(first[1])}) a stage of its own that starts from an external image, "
        f"keep {second[0]} ({lines_of(second[1])}) in another, and copy the result over with `COPY --from` "
        "below the slow steps."
    )
