"""
Python in a container should write its output at once, have a decided answer on byte-code, and run without
development switches.

## What it checks

The environment of every service that runs this image: the base image's variables, then the image's own `ENV`, then
what the deployment sets. Two things must hold. `PYTHONUNBUFFERED` is on. And byte-code is *decided*: either
`PYTHONDONTWRITEBYTECODE` is on, or the build compiles the application's own modules (`python -m compileall`, or uv
with `UV_COMPILE_BYTECODE` and a project that is not installed editable). One of the two is partial, none is a fail.

Any development switch that is on is a fail: `PYTHONDEBUG`, `PYTHONDEVMODE`, `PYTHONASYNCIODEBUG`,
`PYTHONPROFILEIMPORTTIME`, `FLASK_DEBUG`, `DEBUG`, or Django settings with `DEBUG = True` that nothing turns off.

## Why it matters

Without `PYTHONUNBUFFERED`, Python holds back what a program prints until a buffer of several kilobytes is full. A
container has no terminal, so the last lines before a crash, the ones you need, are lost.

Without a decision on byte-code, each new container compiles the application again at its first import and writes
`.pyc` files into its writable layer, or fails to do so silently where the file system is read-only. Compile once in
the build and starts get faster; switch writing off and the container stays clean. Both are fine, leaving it to chance
is not.

Development switches cost speed (asyncio's debug mode times every callback) and safety (Django's debug page shows
settings and source to any visitor).

## How to fix

Before:

```dockerfile
FROM python:3.12-slim
COPY shop/ /srv/shop/
CMD ["gunicorn", "--workers", "3", "shop.wsgi"]
```

After:

```dockerfile
FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 \\
    PYTHONDONTWRITEBYTECODE=1
COPY shop/ /srv/shop/
CMD ["gunicorn", "--workers", "3", "shop.wsgi"]
```

Where start-up time counts, compile instead: replace the second variable by `RUN python -m compileall -q /srv/shop`
below the copy.

## Traps

- `ENV` in a builder stage does not reach the final image. Set it in the stage that runs.
- `pip install` compiles the *dependencies*. Your own code, copied by `COPY`, is not compiled by that.
- `bool(os.environ.get("DEBUG"))` is true for `DEBUG=0`, since every text but the empty one is true. Compare strings.
- `PYTHONOPTIMIZE` strips `assert`. Leave it off where code or libraries rely on asserts.
- `PYTHONHASHSEED=random` is the default since Python 3.3; setting it changes nothing.
"""

from __future__ import annotations

from analyzers.artifacts.bases import Bases
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.code import Code
from analyzers.artifacts.deployment import Deployment
from analyzers.artifacts.installs import Installs
from analyzers.artifacts.processes import Processes
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._places import block, final_stage
from analyzers.checks._runs import Run, deciding_services, runs, unseen
from analyzers.checks.runtime.python._bytecode import compiled
from analyzers.checks.runtime.python._debug import judge_django, judge_switches, note_casts
from analyzers.results import EvidenceLevel, Finding, Result, not_applicable

VARIABLES = ("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE")


@check(
    order=16,
    weight=2,
    strongest=EvidenceLevel.MEASURED,
    title="Python's output is unbuffered, byte-code is decided, development switches are off",
    failure_title="Python's runtime flags are not set for production",
)
def flags(
    processes: Processes, plan: BuildPlan, bases: Bases, deployment: Deployment, code: Code, installs: Installs
) -> Result:
    if not processes.python:
        return not_applicable("The image runs no Python.")
    case, compile_step = Case(), compiled(plan, installs)
    for run in runs(processes, deployment, plan, bases):
        judge_switches(case, run)
        judge_django(case, run, code, deployed=bool(deciding_services(deployment)))
        _judge_flags(case, run, plan, compile_step, unseen(bases, deployment))
        _note_optional(case, run, code)
    note_casts(case, code)
    passing = "Output is unbuffered, byte-code is decided, and no development switch is on"
    return case.decide(passing, fix=_fix(case, plan))


def _judge_flags(case: Case, run: Run, plan: BuildPlan, compile_step: Finding | None, gap: str) -> None:
    options = _interpreter_options(run.process.argv)
    unbuffered = run.environment.is_on("PYTHONUNBUFFERED") or "u" in options
    decided = run.environment.is_on("PYTHONDONTWRITEBYTECODE") or "B" in options or compile_step is not None
    if unbuffered and decided:
        return
    missing = [] if unbuffered else ["`PYTHONUNBUFFERED` is not set"]
    missing += [] if decided else ["byte-code is not decided (no `PYTHONDONTWRITEBYTECODE`, no compile step)"]
    judge = case.fail if len(missing) == 2 else case.lower
    message = f"for {run.label}, {' and '.join(missing)}"
    if gap:
        judge, message = case.doubt, f"{message}, but {gap}"
    judge(message, plan.target.dockerfile, plan.stages[plan.target_stage].line)


def _interpreter_options(argv: tuple[str, ...]) -> str:
    """The letters of `python -uB app.py`, "" where the command is not an interpreter call."""
    letters = ""
    if argv and argv[0].rsplit("/", 1)[-1].startswith("python"):
        for word in argv[1:]:
            if not word.startswith("-") or word[:2] in ("-m", "-c", "-W", "-X", "--"):
                break
            letters += word[1:]
    return letters


def _note_optional(case: Case, run: Run, code: Code) -> None:
    if run.environment.is_on("PYTHONOPTIMIZE") and code.asserts:
        place = run.environment.place("PYTHONOPTIMIZE")
        case.note(f"`PYTHONOPTIMIZE` strips the {code.asserts} asserts of this code", place.path, place.line)
    if run.environment.get("PYTHONHASHSEED") == "random":
        place = run.environment.place("PYTHONHASHSEED")
        case.note("`PYTHONHASHSEED=random` is Python's default and changes nothing", place.path, place.line)


def _fix(case: Case, plan: BuildPlan) -> str:
    found = (*case.failures, *case.shortfalls)
    missing = [name for name in VARIABLES if any(_asks_for(name, finding) for finding in found)]
    text = "ENV " + " \\\n    ".join(f"{name}=1" for name in missing)
    lines = [f"In {final_stage(plan)}, add:{block('dockerfile', text)}"] if missing else []
    switches = [finding for finding in found if "DEBUG" in finding.message or "switch" in finding.message]
    lines += [f"- `{f.path}`, line {f.line}: {f.message}; turn it off there." for f in switches]
    return "\n".join(lines)


def _asks_for(variable: str, finding: Finding) -> bool:
    return finding.message.startswith("for ") and f"`{variable}`" in finding.message
