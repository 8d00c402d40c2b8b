"""
A Python server that runs for weeks needs something that gives memory back: a tuned allocator, or workers that are
replaced now and then.

## What it checks

Whether any one of these is set for each server that runs from this image: glibc's `MALLOC_ARENA_MAX`,
`MALLOC_TRIM_THRESHOLD_` or `MALLOC_MMAP_THRESHOLD_`; jemalloc or mimalloc preloaded through `LD_PRELOAD`; worker
recycling (gunicorn `--max-requests`, uvicorn `--limit-max-requests`, Celery `--max-tasks-per-child`, uWSGI
`max-requests` or `reload-on-rss`, granian `--workers-lifetime`); or an explicit `PYTHONMALLOC`. `PYTHONMALLOC=malloc`
without another allocator behind it is partial. Short-lived commands and development servers are not judged.

## Why it matters

glibc gives each thread its own arena, up to eight per core. On a machine with many cores a small threaded service
can hold several times the memory it uses, and it looks like a leak. Real leaks exist too, often in native
extensions, and recycling turns a night call into a slightly slower request.

## How to fix

Before:

```dockerfile
CMD ["gunicorn", "--workers", "3", "shop.wsgi"]
```

After, with workers that are replaced at slightly different times:

```dockerfile
ENV MALLOC_ARENA_MAX=2
CMD ["gunicorn", "--workers", "3", "--max-requests", "2000", "--max-requests-jitter", "200", "shop.wsgi"]
```

## Traps

- The `MALLOC_…` variables belong to glibc. Alpine uses musl, which ignores them.
- `PYTHONMALLOC=malloc` switches Python's own fast allocator off. Alone it is usually slower; it makes sense with
  jemalloc preloaded.
- Without jitter, all workers restart at the same moment.
"""

from __future__ import annotations

from analyzers.artifacts.bases import Bases
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.deployment import Deployment
from analyzers.artifacts.processes import Processes
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._places import block, final_stage
from analyzers.checks._runs import Run, is_development_server, runs, unseen
from analyzers.results import EvidenceLevel, Result, not_applicable

GLIBC_VARIABLES = ("MALLOC_ARENA_MAX", "MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_")
ALLOCATORS = ("jemalloc", "mimalloc", "tcmalloc")
SLOW_ALLOCATORS = ("malloc", "malloc_debug", "pymalloc_debug", "debug")


@check(
    order=17,
    weight=1,
    strongest=EvidenceLevel.MEASURED,
    title="Memory is managed: a tuned allocator or recycled workers",
    failure_title="Nothing gives memory back in a long-running server",
)
def memory(processes: Processes, plan: BuildPlan, bases: Bases, deployment: Deployment) -> Result:
    if not processes.python:
        return not_applicable("The image runs no Python.")
    found = runs(processes, deployment, plan, bases)
    judged = [run for run in found if run.process.long_running and not is_development_server(run.process)]
    if not judged:
        return not_applicable(_why_not(found))
    case = Case()
    managed = [_judge(case, run, plan, bases, unseen(bases, deployment)) for run in judged]
    means = ", ".join(dict.fromkeys(part for parts in managed for part in parts))
    return case.decide(f"Memory is managed by {means}", fix=_fix(judged, plan))


def _judge(case: Case, run: Run, plan: BuildPlan, bases: Bases, gap: str) -> list[str]:
    means = _means(case, run, plan, bases)
    slow = run.environment.get("PYTHONMALLOC").lower()
    place = run.environment.places.get("PYTHONMALLOC", run.process.where)
    if means:
        case.note(f"{run.label} has {', '.join(means)}", run.process.where.path, run.process.where.line)
    elif slow in SLOW_ALLOCATORS:
        message = f"`PYTHONMALLOC={slow}` with no other allocator preloaded is usually slower, not leaner"
        case.lower(message, place.path, place.line)
    elif run.process.unresolved or gap:
        reason = run.process.unresolved or gap
        case.doubt(f"the files set nothing for {run.label}, but {reason}", place.path, place.line)
    else:
        message = f"{run.label} has no recycled workers and no allocator setting"
        case.fail(message, run.process.where.path, run.process.where.line)
    return means


def _means(case: Case, run: Run, plan: BuildPlan, bases: Bases) -> list[str]:
    """Everything that counts for this service, as it is set."""
    env = run.environment
    glibc = [f"`{name}`" for name in GLIBC_VARIABLES if env.get(name)]
    if glibc and _is_musl(bases):
        place = env.place(glibc[0].strip("`"))
        case.note(f"{', '.join(glibc)} has no effect here: the base image uses musl", place.path, place.line)
        glibc = []
    preloaded = [
        f"{name} preloaded" for name in ALLOCATORS if name in env.get("LD_PRELOAD") or _preload_file(plan, name)
    ]
    recycling = [f"`{server.recycling}`" for server in run.process.servers if server.recycling]
    chosen = env.get("PYTHONMALLOC")
    explicit = [f"`PYTHONMALLOC={chosen}`"] if chosen and chosen.lower() not in SLOW_ALLOCATORS else []
    return glibc + preloaded + recycling + explicit


def _is_musl(bases: Bases) -> bool:
    if bases.final is None:
        return False
    return bases.final.facts.libc == "musl" if bases.final.facts else "alpine" in bases.final.image.tag


def _preload_file(plan: BuildPlan, allocator: str) -> bool:
    """A RUN of the final image writes the allocator into /etc/ld.so.preload."""
    texts = [step.instruction.text for step in plan.final_steps() if step.keyword == "RUN"]
    return any("/etc/ld.so.preload" in text and allocator in text for text in texts)


def _why_not(found: list[Run]) -> str:
    if any(is_development_server(run.process) for run in found):
        return "It runs a development server, which the server item judges."
    return "The image runs short-lived commands, not a server."


def _fix(judged: list[Run], plan: BuildPlan) -> str:
    names = {server.name for run in judged for server in run.process.servers}
    options = {
        "gunicorn": "--max-requests 2000 --max-requests-jitter 200",
        "uvicorn": "--limit-max-requests 5000",
        "celery": "--max-tasks-per-child=500",
        "uwsgi": "--max-requests 2000",
        "granian": "--workers-lifetime 3600",
    }
    known = [f"- {name}: add `{option}` to its command." for name, option in options.items() if name in names]
    setting = f"In {final_stage(plan)}, on a glibc base:{block('dockerfile', 'ENV MALLOC_ARENA_MAX=2')}"
    return "\n".join([setting, "Or recycle workers:" if known else "", *known]).strip()
