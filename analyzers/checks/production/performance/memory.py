"""
Somebody should know where the service's memory goes.

## What it checks

A memory profile taken by this audit decides, where it may run: the largest allocations, the peak and the growth are
shown. Without one, a memory profiler that is wired in (memray, tracemalloc, memory_profiler) is partial. Otherwise a
person has to say.

## Why it matters

A service that is killed for its memory gives no traceback. The profile made on a quiet day shows which import costs
40 MB in every worker and which cache never forgets.

## How to fix

```makefile
memory-profile:
        memray run --output profile.bin -m gunicorn --workers 1 shop.wsgi
        memray flamegraph profile.bin
```

Drive it with the usual requests for some minutes, look at the flame graph, and note peak and growth with the revision.

## Traps

- The memory of a process is more than Python objects: native libraries and fragmentation do not show in tracemalloc.
- tracemalloc makes the program about twice as slow. Do not leave it on in production.
- What is imported before the fork is shared between workers, until something writes to it.
"""

from __future__ import annotations

from analyzers.artifacts.code import Code
from analyzers.artifacts.dependencies import Dependencies
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._places import block
from analyzers.checks._telemetry import at
from analyzers.results import EvidenceLevel, Finding, Result, review

MEMORY_PROFILERS = ("memray", "pytest-memray", "memory-profiler", "guppy3", "filprofiler", "pympler", "objgraph")


@check(
    order=26,
    weight=1,
    strongest=EvidenceLevel.MEASURED,
    title="Memory was profiled",
    failure_title="No memory profile is known",
)
def memory(dependencies: Dependencies, code: Code) -> Result:
    found = _profilers(dependencies, code)
    if not found:
        return review("No memory profiler is wired in: say whether memory was profiled, and what came out.")
    return Case(shortfalls=found).decide("", fix=_fix(found[0]))


def _profilers(dependencies: Dependencies, code: Code) -> list[Finding]:
    end = "but no result is recorded"
    found = [at(r.where, f"`{r.name}` is a dependency, {end}") for r in dependencies.find(*MEMORY_PROFILERS)]
    calls = code.calls_about("memory_profiler", tests=True)
    found += [at(call.where, f"{call.detail} is wired in, {end}") for call in calls]
    tools = [tool for tool in code.tools if tool.topic == "memory_profiler"]
    return found + [at(tool.where, f"{tool.name} is wired in, {end}") for tool in tools]


def _fix(found: Finding) -> str:
    place = f"`{found.path}`" if found.line is None else f"`{found.path}`, line {found.line}"
    text = "revision  requests  peak MB  growth MB  largest allocation"
    return f"Take a profile with what {place} sets up, and keep its figures:{block('text', text)}"
