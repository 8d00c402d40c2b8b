"""
Build arguments should carry what differs between builds: versions, platforms, environments; and never secrets.

## What it checks

Every `ARG` of the stages that the target reaches, the arguments above the first `FROM`, and `ENV` for secrets. An
argument is used when a later instruction of its stage names it, when a later `RUN` calls a tool that reads it from
the environment (`PIP_*`, `UV_*`, `*_PROXY`, `DEBIAN_FRONTEND`), or when files copied into the stage name it.

- **Pass:** at least one argument parametrises the build, each is used, none does harm.
- **Partial:** there is none; or one is unused; or slow steps stand between one and its first reader; or
  `$BUILDPLATFORM` is forced on a stage that becomes the image.
- **Fail:** an `ARG` or `ENV` looks like a secret and its value is not evidently public or a dummy.
- **Not applicable:** no argument, and the base is a digest or `scratch`.

## Why it matters

One argument for the Python version changes three `FROM` lines at once and lets CI test the next version without an
edit. But arguments are written into the image's history: `docker history` shows a token to everybody who can pull.

## How to fix

Before:

```dockerfile
FROM python:3.13-slim
ARG PRIVATE_INDEX_TOKEN
RUN pip install --index-url https://ci:${PRIVATE_INDEX_TOKEN}@packages.example.com/simple ledger
```

After:

```dockerfile
ARG PYTHON_VERSION=3.13
FROM python:${PYTHON_VERSION}-slim
RUN --mount=type=secret,id=netrc,target=/root/.netrc \\
    pip install --index-url https://packages.example.com/simple ledger
```

## Traps

- An `ARG` above the first `FROM` is visible in `FROM` lines only. Repeat `ARG NAME` inside the stage to use it there.
- A changed argument repeats every `RUN` below its line, also those that do not read it. Declare it right above the
  step that does.
- `FROM --platform=$BUILDPLATFORM` belongs on builder stages. On the final one it makes an image for the wrong machine.
"""

from __future__ import annotations

from analyzers.artifacts.arguments import Arguments
from analyzers.artifacts.automation import Automation
from analyzers.artifacts.build_plan import BuildPlan, Declaration
from analyzers.artifacts.installs import Installs
from analyzers.artifacts.missing import Missing
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._dockerfile import at, fence, listed, mentions, numbered
from analyzers.checks._order import expensive_between
from analyzers.checks.build.speed._arguments import first_reader, in_from, judged, reads, scope_of
from analyzers.checks.build.speed._secrets import is_dummy, looks_secret
from analyzers.results import EvidenceLevel, Result, Verdict, not_applicable

# Used, but says nothing of a version, platform or environment.
_TRIVIAL = frozenset({"DEBIAN_FRONTEND"})
_PREDEFINED = ("BUILDKIT_", "SOURCE_DATE_EPOCH", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "FTP_PROXY", "ALL_PROXY")


@check(
    order=15,
    weight=1,
    strongest=EvidenceLevel.STATIC,
    title="Build arguments are used well",
    failure_title="Build arguments are missing, unused or hold a secret",
)
def args(
    plan: BuildPlan, installs: Installs, automation: Automation | Missing, arguments: Arguments | Missing
) -> Result:
    case = Case()
    declared = judged(plan)
    _judge_secrets(case, plan, declared)
    _judge_platform(case, plan)
    for declaration in declared:
        _judge_use(case, plan, installs, declaration, arguments)
    _note_unmatched(case, plan, automation)
    if not declared and case.verdict is Verdict.PASS and _fixed_base(plan):
        return not_applicable("No build argument, and the base leaves nothing to choose", *case.notes)
    if not _parametrises(plan, declared):
        case.lower("no ARG parametrises a version, platform or environment", plan.target.dockerfile)
    used = listed(declaration.name for declaration in declared)
    return case.decide(f"Arguments in use: {used or 'the automatic platform'}", fix=_fix(plan, case))


def _judge_secrets(case: Case, plan: BuildPlan, declared: list[Declaration]) -> None:
    for declaration in declared:
        if looks_secret(declaration.name) and (not declaration.default or not is_dummy(declaration.default)):
            message = f"ARG `{declaration.name}` looks like a secret, and its value stays in the image's history"
            case.fail(message, plan.target.dockerfile, declaration.line)
    for stage in plan.reached_stages():
        for step in stage.steps:
            pairs = [word.partition("=") for word in step.instruction.words] if step.keyword == "ENV" else []
            for name in (name for name, _, value in pairs if looks_secret(name) and not is_dummy(value)):
                case.fail(f"ENV `{name}` looks like a secret, and its value stays in the image", *at(plan, step))


def _judge_platform(case: Case, plan: BuildPlan) -> None:
    for index in plan.chain:
        stage = plan.stages[index]
        if mentions(stage.platform, "BUILDPLATFORM"):
            message = "`$BUILDPLATFORM` is forced on a stage that becomes the image"
            case.lower(message, plan.target.dockerfile, stage.line)


def _judge_use(
    case: Case, plan: BuildPlan, installs: Installs, declaration: Declaration, arguments: Arguments | Missing
) -> None:
    name, place = declaration.name, (plan.target.dockerfile, declaration.line)
    if declaration.stage < 0:
        if not in_from(plan, name):
            case.lower(f"ARG `{name}` above the first FROM is used nowhere", *place)
        return
    reader = first_reader(plan, declaration)
    if reader is not None:
        between = scope_of(plan, declaration)
        steps = expensive_between(between[: between.index(reader)], installs)
        slow = [step.line for step in steps if not reads(step, name)]
        if slow:
            message = f"ARG `{name}` is first read on line {reader.line}; a new value repeats the slow {numbered(slow)}"
            case.lower(message, *place)
    elif isinstance(arguments, Missing) or not arguments.complete:
        case.doubt(f"whether copied files read ARG `{name}` cannot be told", *place)
    elif name not in arguments.named_in:
        case.lower(f"ARG `{name}` is used nowhere in its stage", *place)


def _parametrises(plan: BuildPlan, declared: list[Declaration]) -> bool:
    automatic = any(mentions(stage.platform, "BUILDPLATFORM") for stage in plan.reached_stages())
    return automatic or any(declaration.name not in _TRIVIAL for declaration in declared)


def _fixed_base(plan: BuildPlan) -> bool:
    base = plan.final_base
    return base.scratch or (base.base_image is not None and bool(base.base_image.digest))


def _note_unmatched(case: Case, plan: BuildPlan, automation: Automation | Missing) -> None:
    known = {declaration.name for declaration in plan.declarations}
    for build in () if isinstance(automation, Missing) else automation.builds:
        for argument in build.build_args:
            name = argument.partition("=")[0]
            if name not in known and not name.upper().startswith(_PREDEFINED):
                case.note(f"build argument `{name}` is passed, but no ARG takes it", build.path, build.line)


def _fix(plan: BuildPlan, case: Case) -> str:
    lines = [f"- line {f.line}: {f.message}" for f in (*case.failures, *case.shortfalls) if f.line]
    parts = ["\n".join(lines)] if lines else []
    if any("secret" in finding.message for finding in case.failures):
        parts.append(
            "Hand a secret to the one step that needs it, so that no layer keeps it:\n\n"
            + fence("RUN --mount=type=secret,id=token,env=TOKEN …")
        )
    if any("no ARG" in finding.message for finding in case.shortfalls):
        base = plan.final_base
        image = base.base_image
        if image is not None and not image.digest:
            changed = image.text.removesuffix(f":{image.tag}") + ":${BASE_TAG}"
            parts.append(f"On line {base.line}:\n\n" + fence(f"ARG BASE_TAG={image.tag or '…'}\nFROM {changed}"))
    return "\n\n".join(parts)
