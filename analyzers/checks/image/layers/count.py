"""
Adjacent `RUN` instructions that belong together should be one.

## What it checks

The final image's own instructions, over the whole chain of stages that it is built from. Two or more `RUN`s next to
each other are a *sequence*; comments and `ENV` between them do not separate, a `COPY`, `USER` or `WORKDIR` does. A
boundary is justified where either side installs system packages or dependencies, or has a `--mount`: there the
separate layer is a cache of its own.

- **Pass:** no sequence is left.
- **Partial:** sequences of two or three.
- **Fail:** a sequence of four or more, three or more package installs of one kind in a row, or `apt-get update` in a
  `RUN` without an install.

## Why it matters

Every `RUN` is a layer: it is hashed, compressed, stored and pulled on its own. What one layer writes, the next cannot
take back. A lone `apt-get update` is worse than untidy: its layer stays in the cache for months, and a later
`apt-get install` then asks for package versions that no mirror has any more.

## How to fix

Before:

```dockerfile
RUN groupadd --system worker
RUN useradd --system --gid worker worker
RUN mkdir /var/spool/reports
RUN chown worker:worker /var/spool/reports
```

After:

```dockerfile
RUN groupadd --system worker \\
    && useradd --system --gid worker worker \\
    && install --directory --owner=worker --group=worker /var/spool/reports
```

## Traps

- Fewer is not always better: do not merge a slow dependency install with a step that changes every day.
- `COPY --chmod=755` and `COPY --chown=` replace most `chmod` and `chown` layers altogether.
- A here-document is one `RUN` with many lines, and reads better than ten `&&`.
"""

from __future__ import annotations

from analyzers.artifacts.build_plan import BuildPlan, Step
from analyzers.artifacts.installs import Installs
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._dockerfile import at, fence, installs_in, lines_of, unread_in
from analyzers.checks.image._sequences import lone_updates, repeated_installs, sequences
from analyzers.results import EvidenceLevel, Result

LONG = 4


@check(
    order=4,
    weight=1,
    strongest=EvidenceLevel.BUILT,
    title="No needless layers",
    failure_title="Adjacent RUN instructions make needless layers",
)
def count(plan: BuildPlan, installs: Installs) -> Result:
    case = Case()
    steps = plan.final_steps()
    unread = {step.line for step, _ in unread_in(steps, installs)}
    found = sequences(steps, installs)
    for sequence in found:
        _judge(case, plan, sequence, unread)
    _judge_installs(case, plan, installs)
    runs = sum(step.keyword == "RUN" for step in steps)
    none = (
        "The final image has no RUN instruction of its own" if not runs else "The final image has one RUN instruction"
    )
    several = f"None of the final image's {runs} RUN instructions can be merged with its neighbour"
    return case.decide(several if runs > 1 else none, fix=_fix(found))


def _judge(case: Case, plan: BuildPlan, sequence: list[Step], unread: set[int]) -> None:
    path, first, _ = at(plan, sequence[0])
    message = f"{len(sequence)} adjacent RUN instructions on {lines_of(sequence)} make a layer each"
    place = (path, first, sequence[-1].end_line)
    read = [step for step in sequence if step.line not in unread]
    if len(sequence) >= LONG and len(read) == len(sequence):
        case.fail(message, *place)
    elif len(read) == len(sequence):
        case.lower(message, *place)
    else:
        case.doubt(f"{message}, but one of them could not be read wholly, so it may be an install", *place)


def _judge_installs(case: Case, plan: BuildPlan, installs: Installs) -> None:
    for row in repeated_installs(plan.final_steps(), installs):
        manager = installs_in(installs, row[0])[0].manager
        message = f"{len(row)} {manager} installs in a row on {lines_of(row)} could be one"
        case.fail(message, *at(plan, row[0]))
    for step in lone_updates(plan.final_steps(), installs):
        case.fail(
            "`apt-get update` stands in a RUN without an install, so its lists grow stale in the cache", *at(plan, step)
        )


def _fix(found: list[list[Step]]) -> str:
    """Each sequence as the one instruction it could be."""
    parts = [f"Write {lines_of(sequence)} as one instruction:\n\n{fence(_merged(sequence))}" for sequence in found]
    return "\n\n".join(parts) or "Install everything of one kind in one RUN, with `apt-get update` in the same one."


def _merged(sequence: list[Step]) -> str:
    plain = [step.instruction for step in sequence if not step.instruction.json and not step.instruction.heredocs]
    bodies = [instruction.text.strip() for instruction in plain]
    return "RUN " + " \\\n    && ".join(bodies)
