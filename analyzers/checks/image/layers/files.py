"""
No layer of the final image should keep files that running does not need.

## What it checks

The final image's own instructions.

- **Fail:** `apt-get install` that leaves the package lists (not removed in the same `RUN`, no cache mount there); `pip
  install` or `uv` that downloads and keeps its cache; an `rm` in a later layer of what an earlier one added.
- **Partial:** only an upgrade of pip itself keeps a cache; `--no-install-recommends` is missing; `apk add` without
  `--no-cache`; `dnf` without `clean all`; npm, conda or poetry caches left; a recursive `chown` or `chmod` of files
  that an earlier layer added; wheels or archives copied in and left.
- **Pass:** none of these.

## Why it matters

Layers only add. A file that one layer writes and a later one deletes is still stored, pushed and pulled; the `rm`
merely hides it. A recursive `chown` writes every file a second time. Together these often double an image.

## How to fix

Before:

```dockerfile
RUN apt-get update && apt-get install --yes libmagic1
RUN pip install -r requirements.txt
COPY . /srv
RUN chown -R worker:worker /srv
```

After:

```dockerfile
RUN apt-get update \\
    && apt-get install --yes --no-install-recommends libmagic1 \\
    && rm -rf /var/lib/apt/lists/*
RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt
COPY --chown=worker:worker . /srv
```

Wheels from another stage need no copy at all:

```dockerfile
RUN --mount=type=bind,from=wheels,source=/wheels,target=/wheels pip install --no-index /wheels/*.whl
```

## Traps

- The removal has to stand in the *same* `RUN`. In the next one it comes too late.
- Official Debian and Ubuntu images empty apt's package archive by themselves; `apt-get clean` is not needed there.
- With a cache mount, do not also pass `--no-cache-dir`: it switches off the cache that the mount keeps.
"""

from __future__ import annotations

from analyzers.artifacts.build_plan import BuildPlan, Step
from analyzers.artifacts.installs import Installs
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._dockerfile import at, fence, installs_in, lines_of, short, unread_in
from analyzers.checks.image._added import Added, added_by, archives_in, concerns, removed_by, rewritten_by
from analyzers.checks.image._caches import judge_leftovers, without_refresh
from analyzers.dockerfile.commands import Command
from analyzers.results import EvidenceLevel, Result


@check(
    order=6,
    weight=2,
    strongest=EvidenceLevel.BUILT,
    title="No unnecessary files are left in the layers",
    failure_title="Layers keep files that nothing needs",
)
def files(plan: BuildPlan, installs: Installs) -> Result:
    case = Case()
    earlier: list[Added] = []
    for step in plan.final_steps():
        found = installs_in(installs, step)
        for install in without_refresh(found):
            judge_leftovers(case, at(plan, install), step, install)
        _judge_removals(case, plan, step, earlier)
        _judge_rewrites(case, plan, step, earlier)
        earlier += added_by(step, found)
    _judge_archives(case, plan, earlier)
    for step, why in unread_in(plan.final_steps(), installs):
        case.doubt(f"what a RUN leaves behind cannot be told: {why}", *at(plan, step))
    return case.decide("Nothing is left in a layer that a later step or running does not need", fix=_fix(plan, case))


def _judge_removals(case: Case, plan: BuildPlan, step: Step, earlier: list[Added]) -> None:
    for command, path in removed_by(step):
        hidden = next((added for added in earlier if concerns(path, added.path)), None)
        if hidden is not None:
            what = f"{short(' '.join(command.argv))} removes from {hidden.what}, which line {hidden.step.line} added"
            case.fail(f"{what}: the earlier layer keeps the bytes", *at(plan, step))


def _judge_rewrites(case: Case, plan: BuildPlan, step: Step, earlier: list[Added]) -> None:
    """One finding for each command, however many paths it names."""
    rewritten: dict[Command, list[str]] = {}
    for command, path in rewritten_by(step):
        rewritten.setdefault(command, []).append(path)
    for command, paths in rewritten.items():
        copies = [added for added in earlier if added.step.copy is not None]
        copied = [added.step for added in copies if any(concerns(path, added.path) for path in paths)]
        if copied:
            what = f"{short(' '.join(command.argv))} stores again what {lines_of(copied)} copied"
            case.lower(f"{what}: `COPY --{command.name.replace('chgrp', 'chown')}` does it without", *at(plan, step))


def _judge_archives(case: Case, plan: BuildPlan, earlier: list[Added]) -> None:
    steps = {added.step.line: added.step for added in earlier if added.step.copy is not None}
    for step in steps.values():
        for source in archives_in(step):
            case.lower(f"`{source}` is copied in and stays: a bind mount would not keep it", *at(plan, step))


def _fix(plan: BuildPlan, case: Case) -> str:
    """One line for each finding, and the shapes that keep a layer clean."""
    lines = [f"- line {finding.line}: {finding.message}" for finding in (*case.failures, *case.shortfalls)]
    shapes = {
        "package lists": "RUN apt-get update \\\n    && apt-get install --yes --no-install-recommends … \\\n"
        "    && rm -rf /var/lib/apt/lists/*",
        "download cache": "RUN --mount=type=cache,target=/root/.cache/pip pip install …",
        "stores again": "COPY --chown=USER:GROUP … …",
        "stays": "RUN --mount=type=bind,from=STAGE,source=/wheels,target=/wheels pip install --no-index /wheels/*.whl",
    }
    text = "\n".join(lines)
    wanted = [shape for mark, shape in shapes.items() if mark in text]
    return text + (f"\n\nWrite them like this:\n\n{fence(chr(10).join(wanted))}" if wanted else "")
