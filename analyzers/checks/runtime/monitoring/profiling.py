"""
A profiler should be set up before it is needed, so that "why is it slow?" takes minutes.

## What it checks

A profiler that is ready for use: py-spy, pyinstrument, cProfile, scalene, Pyroscope, Silk, yappi, Sentry with a
profiles sample rate and the like, as a dependency (development groups count), an import, or a command in scripts and
the Makefile. The bare word "profile" is not evidence, nor is a profiler in a list of things that are switched off.

## Why it matters

Performance work without a profile is guessing, and the guess is usually wrong. In an incident nobody wants to build a
new image first only to get a profiler into it.

## How to fix

Before:

```toml
[dependency-groups]
dev = ["pytest"]
```

After:

```toml
[dependency-groups]
dev = ["pytest", "py-spy", "pyinstrument"]
```

```makefile
profile:
        py-spy record --output flame.svg --duration 30 --pid $(PID)
```

## Traps

- py-spy in a container needs the `SYS_PTRACE` capability. Run it from the host or a side container instead of giving
  that to the service.
- cProfile slows every call and distorts what it measures. Use a sampling profiler on a live service.
"""

from __future__ import annotations

from analyzers.artifacts.code import Code
from analyzers.artifacts.dependencies import Dependencies
from analyzers.artifacts.processes import Processes
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._places import block, python_manifest
from analyzers.checks._runs import only_serves_files
from analyzers.checks._telemetry import absence, at, unread_note
from analyzers.results import EvidenceLevel, Finding, Result, not_applicable, unknown

PROFILERS = (
    "py-spy",
    "pyinstrument",
    "scalene",
    "pyroscope-io",
    "pyroscope-otel",
    "django-silk",
    "line-profiler",
    "yappi",
    "viztracer",
    "snakeviz",
    "austin-python",
    "pytest-profiling",
    "flask-profiler",
    "fastapi-profiler",
    "google-cloud-profiler",
    "codeguru-profiler-agent",
)


@check(
    order=24,
    weight=1,
    strongest=EvidenceLevel.MEASURED,
    title="A profiler is set up",
    failure_title="No profiler is set up",
)
def profiling(processes: Processes, dependencies: Dependencies, code: Code) -> Result:
    if only_serves_files(processes):
        return not_applicable("It only serves files: there is no program code of its own to profile.")
    found = _profilers(dependencies, code)
    if found:
        return Case(notes=found).decide(f"A profiler is set up: {found[0].message}")
    if not code.present:
        return unknown(f"{absence(code)}, and no profiler is set up beside it")
    case = Case(notes=unread_note(code))
    case.fail("no profiler is seen in dependencies, code, scripts or Makefile")
    return case.decide("", fix=_fix(dependencies))


def _profilers(dependencies: Dependencies, code: Code) -> list[Finding]:
    found = [at(r.where, f"`{r.name}` is a dependency") for r in dependencies.find(*PROFILERS)]
    found += [at(call.where, f"{call.detail} in the code") for call in code.calls_about("profiler", tests=True)]
    return found + [at(tool.where, f"{tool.name} in the repository") for tool in code.tools if tool.topic == "profiler"]


def _fix(dependencies: Dependencies) -> str:
    manifest = python_manifest(dependencies, "requirements-dev.txt")
    command = "py-spy record --output flame.svg --duration 30 --pid PID"
    return (
        f"Add `py-spy` to the development group of `{manifest}`, and keep the command at hand:{block('shell', command)}"
    )
