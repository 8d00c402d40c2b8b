"""
What changes rarely should come before what changes often: system packages, then dependencies, then source.

## What it checks

Every stage that the target reaches, together with the stages below it.

- **Fail:** sources are copied before system packages or dependencies are installed that do not need them.
- **Partial:** that copy is only a workspace member or local package which the manifest names; a dependency manifest
  is copied above a system package install that does not read it; or metadata that changes with each build (a commit,
  a date, a build number) stands above slow steps that do not use it.
- **Pass:** neither. Installing the project itself after its dependencies may come last, as it must.

## Why it matters

A layer is reused only while everything above it is unchanged. With the sources on top, a one-line edit throws away
the package installs below, and each build waits for minutes of work that gives the same bytes as yesterday.

## How to fix

Before:

```dockerfile
COPY . /srv
RUN apt-get update && apt-get install --yes --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*
RUN pip install --no-cache-dir -r requirements.txt
```

After:

```dockerfile
RUN apt-get update && apt-get install --yes --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*
COPY requirements.txt /srv/
RUN pip install --no-cache-dir -r /srv/requirements.txt
COPY . /srv
```

## Traps

- Copying `requirements.txt` on its own *after* `COPY . .` changes nothing: the earlier copy already decides.
- `ARG GIT_SHA` at the top counts for every `RUN` below it, even for those that never mention it.
- Builder stages count as well. They are where the slow steps are.
"""

from __future__ import annotations

from analyzers.artifacts.build_plan import BuildPlan, Step
from analyzers.artifacts.context import BuildContext, ContextCopy
from analyzers.artifacts.dependencies import Dependencies
from analyzers.artifacts.installs import Install, InstallKind, Installs
from analyzers.artifacts.missing import Missing
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._dockerfile import at, fence, in_context, installs_in, mentions, short, unread_in
from analyzers.checks._order import copies_before, expensive_between, is_named_member, place, runs_script_of
from analyzers.checks.image._volatile import volatile_names
from analyzers.results import EvidenceLevel, Result

_SLOW = (InstallKind.SYSTEM, InstallKind.DEPENDENCY)


@check(
    order=5,
    weight=2,
    strongest=EvidenceLevel.MEASURED,
    title="Layers go from rarely to often changing",
    failure_title="Often changing layers stand above slow ones",
)
def order(plan: BuildPlan, installs: Installs, context: BuildContext, dependencies: Dependencies | Missing) -> Result:
    case = Case()
    slow = [install for install in installs.all if install.kind in _SLOW and install.stage in plan.reached]
    for copy in context.copies:
        spoiled = [i for i in slow if copy in copies_before(plan, context, i) and not runs_script_of(i, copy)]
        if spoiled:
            _judge_copy(case, plan, copy, spoiled, is_named_member(copy, context, dependencies))
    for stage in plan.reached_stages():
        _judge_metadata(case, plan, plan.steps_of(stage.index), installs)
        _doubt(case, plan, installs, context, stage.index)
    what = (
        "every slow step stands above the sources" if slow else "there is no slow step that a source edit would repeat"
    )
    return case.decide(what[0].upper() + what[1:], fix=_fix(plan, case, slow))


def _judge_copy(case: Case, plan: BuildPlan, copy: ContextCopy, spoiled: list[Install], member: bool) -> None:
    what = f"{_described(copy)} above {short(spoiled[0].command)} on line {spoiled[0].line}"
    if copy.source and not copy.code:
        case.note(f"{what}; it holds no code, so it changes rarely", *at(plan, copy))
    elif copy.source:
        judge = case.lower if member else case.fail
        judge(f"{what}, so an edit of these files repeats the install", *at(plan, copy))
    elif copy.manifests and (unrelated := [i for i in spoiled if _ignores(i, copy, spoiled)]):
        system = f"{short(unrelated[0].command)} on line {unrelated[0].line}"
        case.lower(f"{_described(copy)} above {system}, which does not read it", *at(plan, copy))


def _ignores(install: Install, copy: ContextCopy, spoiled: list[Install]) -> bool:
    """A system package install in a RUN that reads none of the copied manifests."""
    same_step = [other for other in spoiled if place(other) == place(install)]
    reads = any(set(other.manifests) & set(copy.manifests) for other in same_step)
    return install.kind is InstallKind.SYSTEM and not reads


def _described(copy: ContextCopy) -> str:
    taken = "the whole context" if copy.whole else ", ".join(f"`{source}`" for source in copy.sources[:3])
    return f"{taken} is {'mounted' if copy.mount else 'copied'}"


def _judge_metadata(case: Case, plan: BuildPlan, steps: list[Step], installs: Installs) -> None:
    for index, step in enumerate(steps):
        for name in volatile_names(step):
            later = [s for s in expensive_between(steps[index + 1 :], installs) if not _reads(s, name)]
            message = (
                f"{step.keyword} `{name}` changes with every build and stands above slow steps that do not read it"
            )
            if later and (step.line, message) not in [(known.line, known.message) for known in case.shortfalls]:
                case.lower(message, *at(plan, step))


def _reads(step: Step, name: str) -> bool:
    return mentions(step.instruction.original, name)


def _doubt(case: Case, plan: BuildPlan, installs: Installs, context: BuildContext, stage: int) -> None:
    """A RUN after a source copy that could not be read may be an install."""
    steps = plan.steps_of(stage)
    sources = {place(copy) for copy in context.copies if copy.source and copy.code and not copy.mount}
    first = next((i for i, step in enumerate(steps) if place(step) in sources), len(steps))
    for step, why in unread_in(steps[first:], installs):
        if not installs_in(installs, step) and step.line not in [known.line for known in case.doubts]:
            case.doubt(f"a RUN after a source copy may be an install, which cannot be told: {why}", *at(plan, step))


def _fix(plan: BuildPlan, case: Case, slow: list[Install]) -> str:
    moved = [finding for finding in (*case.failures, *case.shortfalls) if finding.line]
    text = [f"- line {finding.line}: move it below the last slow step; {finding.message}." for finding in moved]
    manifests = [name for install in slow for name in install.manifests if install.kind is InstallKind.DEPENDENCY]
    if not (case.failures and manifests):
        return "\n".join(text)
    reader = next(install for install in slow if install.manifests)
    example = f"COPY {' '.join(in_context(plan, reader.manifests))} ./\nRUN {reader.command}\nCOPY . ."
    return "\n".join(text) + f"\n\nCopy what the install on line {reader.line} reads on its own:\n\n" + fence(example)
