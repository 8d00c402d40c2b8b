"""
The image should be built in stages, so that only the result of the build is in it.

## What it checks

- **Pass:** the final image takes a build *result* from an earlier stage by `COPY --from` (or a bind mount) and keeps
  no build tools, as the item on build dependencies decides; or a production target stands apart from development and
  test stages. A copied tool binary or a whole copied root is no result.
- **Partial:** a single stage that compiles nothing and installs ready packages only; or stages whose final image
  still keeps build dependencies.
- **Fail:** a single stage that installs build tools, builds front-end assets or installs development dependencies.
- **Not applicable:** a single stage that only copies ready files.

## Why it matters

A stage is thrown away after the build. Compilers, caches, sources of assets and tokens used on the way stay behind
with it, without any clean-up command. Independent stages are also built at the same time.

## How to fix

Before:

```dockerfile
FROM python:3.13-slim
RUN apt-get update && apt-get install --yes gcc
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . /srv
```

After:

```dockerfile
FROM python:3.13-slim AS builder
RUN apt-get update && apt-get install --yes gcc
RUN python -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install -r requirements.txt

FROM python:3.13-slim
COPY --from=builder /opt/venv /opt/venv
COPY . /srv
ENV PATH=/opt/venv/bin:$PATH
```

## Traps

- A virtual environment works only at the path where it was made, and with the same Python: use the same base.
- `COPY --from=builder / /` copies the build tools as well, and gains nothing.
- `COPY --from=uv /uv /bin/` fetches a tool; on its own it does not make a multi-stage build.
"""

from __future__ import annotations

from analyzers.artifacts.build_plan import BuildPlan, Stage
from analyzers.artifacts.code import Code
from analyzers.artifacts.dependencies import Dependencies
from analyzers.artifacts.installs import InstallKind, Installs
from analyzers.artifacts.missing import Missing
from analyzers.check import check
from analyzers.checks._build_tools import is_compiler, is_development_tool
from analyzers.checks._decide import Case
from analyzers.checks._dockerfile import at, fence, installs_in, lines_of, unread_in
from analyzers.checks._kinds import builds_assets, compiles
from analyzers.checks.image._leftovers import judge_leftovers
from analyzers.checks.image._results import results_of, whole_roots
from analyzers.results import EvidenceLevel, Result, Verdict, not_applicable, passed

_DEVELOPMENT = frozenset({"dev", "devel", "development", "devcontainer", "test", "tests", "testing", "debug", "lint"})


@check(
    order=9,
    weight=2,
    strongest=EvidenceLevel.STATIC,
    title="The image is built in stages",
    failure_title="The image is not built in stages",
)
def multistage(
    plan: BuildPlan, installs: Installs, dependencies: Dependencies | Missing, code: Code | Missing
) -> Result:
    results = results_of(plan)
    apart = [stage for stage in plan.stages if _is_development(stage) and stage.index not in plan.chain]
    if apart and not _is_development(plan.stages[plan.target_stage]):
        return passed(f"The target stands apart from the development stage `{apart[0].name}` (line {apart[0].line})")
    case = Case()
    for step in whole_roots(plan):
        case.note("a whole root is copied, build tools and all", *at(plan, step))
    if results:
        _judge_stages(case, plan, installs, dependencies, code)
    elif _only_copies(plan, installs):
        return not_applicable("A single stage that only copies ready files", *case.notes)
    else:
        _judge_single(case, plan, installs)
    built = f"The final image takes what an earlier stage built ({lines_of(results)}) and keeps no build tools"
    return case.decide(built, fix=_fix(plan, bool(results)))


def _is_development(stage: Stage) -> bool:
    return any(word in _DEVELOPMENT for word in stage.name.lower().replace("_", "-").replace(".", "-").split("-"))


def _judge_stages(
    case: Case, plan: BuildPlan, installs: Installs, dependencies: Dependencies | Missing, code: Code | Missing
) -> None:
    left = Case()
    judge_leftovers(left, plan, installs, dependencies, code)
    if left.verdict is Verdict.FAIL:
        for finding in left.failures:
            case.lower(f"there are stages, but {finding.message}", finding.path, finding.line, finding.end_line)
    case.doubts.extend(left.doubts)


def _only_copies(plan: BuildPlan, installs: Installs) -> bool:
    steps = plan.final_steps()
    worked = any(installs_in(installs, step) or compiles(step) or builds_assets(step) for step in steps)
    return not worked and not unread_in(steps, installs)


def _judge_single(case: Case, plan: BuildPlan, installs: Installs) -> None:
    for step in plan.final_steps():
        found = installs_in(installs, step)
        system = [p for i in found if i.kind is InstallKind.SYSTEM for p in i.packages if is_compiler(p)]
        tools = [p for i in found if i.kind is InstallKind.TOOL for p in i.packages if is_development_tool(p)]
        if system:
            case.fail(f"a single stage installs build tools (`{system[0]}`)", *at(plan, step))
        if tools or any(install.dev_groups for install in found):
            case.fail("a single stage installs development dependencies", *at(plan, step))
        if builds_assets(step) or compiles(step):
            case.fail("a single stage builds what it then runs", *at(plan, step))
    for step, why in unread_in(plan.final_steps(), installs):
        case.doubt(f"whether a RUN builds something cannot be told: {why}", *at(plan, step))
    line = plan.stages[plan.target_stage].line
    if not case.failures:
        case.lower("a single stage, which compiles nothing and installs ready packages", plan.target.dockerfile, line)


def _fix(plan: BuildPlan, staged: bool) -> str:
    if staged:
        return "Keep the stages and mend what the item on build dependencies names: then nothing of the build stays."
    base = plan.final_base
    name = base.base_image.text if base.base_image else "scratch"
    return f"Let line {base.line} begin a builder stage and start the final image anew:\n\n" + fence(
        f"FROM {name} AS builder\n# installs and builds of today, into /opt/venv\n\n"
        f"FROM {name}\nCOPY --from=builder /opt/venv /opt/venv\n# sources, USER and CMD of today"
    )
