"""
A long-running service should tell its runtime whether it still works, by a check that can fail.

## What it checks

Each service of this image for a health check: a `healthcheck:` or probe in the deployment, else `HEALTHCHECK` in the
final image, else one that the base image brings. It is partial where the check can never fail (`exit 0`, `|| true`),
has an interval or timeout of 0, or calls a tool that the image does not have. No check, or `NONE`, is a fail.

## Why it matters

A process that runs is not a service that answers. A dead-locked worker pool or a lost database connection leaves the
process up, and without a check nobody restarts it, and traffic goes on being sent to it. A health check is also what
lets `depends_on` and rolling updates wait for the right moment.

## How to fix

Before:

```dockerfile
CMD ["uvicorn", "tracker.main:app", "--host", "0.0.0.0"]
```

After, with Python itself, since slim images have no curl:

```dockerfile
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \\
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["uvicorn", "tracker.main:app", "--host", "0.0.0.0"]
```

## Traps

- `curl` is in full language images and in none of the slim ones. The check then fails for ever, or the container
  never becomes healthy.
- Kubernetes ignores `HEALTHCHECK`; it wants probes.
- Ending the command in `|| true` makes it pass always. `|| exit 1` is what is meant.
- Each run of a Python one-liner starts an interpreter: about 10 MB and some CPU for a moment. Do not check every
  second.
"""

from __future__ import annotations

from analyzers.artifacts.bases import Bases
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.deployment import Deployment
from analyzers.artifacts.installs import Installs
from analyzers.artifacts.processes import Processes
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._health import HealthCheck, health_of
from analyzers.checks._places import block, final_stage, line_of
from analyzers.checks._runs import Run, runs, unseen
from analyzers.results import EvidenceLevel, Result, not_applicable

PACKAGES = {
    "curl": ("curl",),
    "wget": ("wget",),
    "nc": ("netcat", "netcat-openbsd", "netcat-traditional", "nmap-ncat", "ncat"),
    "netcat": ("netcat", "netcat-openbsd", "netcat-traditional"),
}


@check(
    order=21,
    weight=2,
    strongest=EvidenceLevel.MEASURED,
    title="A health check watches the service",
    failure_title="No working health check watches the service",
)
def health(processes: Processes, plan: BuildPlan, bases: Bases, deployment: Deployment, installs: Installs) -> Result:
    lasting = [run for run in runs(processes, deployment, plan, bases) if run.process.long_running]
    if not lasting:
        return not_applicable("The image runs short-lived commands: there is nothing to watch.")
    case, unwatched = Case(), []
    for run in lasting:
        found = health_of(run, plan, bases)
        if found is None or found.disabled:
            unwatched.append(run)
            _judge_absence(case, run, found, unseen(bases, deployment))
        else:
            _judge(case, run, found, _lacks(found, bases, installs))
    return case.decide("A health check watches the service", fix=_fix(plan, (unwatched or lasting)[0]))


def _judge_absence(case: Case, run: Run, found: HealthCheck | None, gap: str) -> None:
    if found:
        case.fail(f"the health check of {run.label} is switched off", found.where.path, found.where.line)
    elif gap:
        case.doubt(f"no health check is seen for {run.label}, but {gap}", *_place(run))
    else:
        case.fail(f"{run.label} has no health check", *_place(run))


def _judge(case: Case, run: Run, found: HealthCheck, lacking: str) -> None:
    place = found.where.path, found.where.line
    if found.checks_nothing:
        case.lower(f"the health check of {run.label} can never fail: `{found.text}`", *place)
    for setting in found.zero:
        case.lower(f"the {setting} of the health check of {run.label} is 0", *place)
    if lacking:
        case.lower(f"the health check of {run.label} calls `{lacking}`, which the image does not have", *place)
    if not found.timed and not found.base:
        case.note("no timeout is given, so the default of 30 s holds (Kubernetes: 1 s)", *place)
    if run.service and run.service.kind == "kubernetes" and run.service.health is None:
        case.note("Kubernetes ignores the image's `HEALTHCHECK` and wants probes", *_place(run))


def _lacks(found: HealthCheck, bases: Bases, installs: Installs) -> str:
    """The tool that the check calls and the image surely lacks, "" where none."""
    facts = bases.final.facts if bases.final else None
    if (facts is None and not bases.final_scratch) or installs.unread:
        return ""
    brought = {package for install in installs.all if install.reaches_final for package in install.packages}
    brought |= facts.tools if facts else frozenset()
    called = found.programs() & PACKAGES.keys()
    return next((tool for tool in sorted(called) if not brought & {tool, *PACKAGES[tool]}), "")


def _place(run: Run) -> tuple[str, int | None]:
    where = run.service.where if run.service else run.process.where
    return where.path, where.line


def _fix(plan: BuildPlan, run: Run) -> str:
    if not any(server.web for server in run.process.servers):
        return _worker_advice(plan, run)
    ports = run.service.ports if run.service else ()
    exposed = [port.split("/")[0] for port in plan.image.exposed]
    port = str(ports[0]) if ports else exposed[0] if exposed else "8000"
    check_line = f"import urllib.request as u; u.urlopen('http://127.0.0.1:{port}/healthz', timeout=2)"
    text = f'HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \\\n    CMD ["python", "-c", "{check_line}"]'
    return f"In {final_stage(plan)}, with a route of yours that answers quickly:{block('dockerfile', text)}"


def _worker_advice(plan: BuildPlan, run: Run) -> str:
    celery = any(server.name == "celery" for server in run.process.servers)
    command = ["celery", "-A", "yourapp", "inspect", "ping"] if celery else ["python", "-m", "yourapp.healthcheck"]
    words = ", ".join(f'"{word}"' for word in command)
    if run.service and run.service.kind == "compose":
        text = block("yaml", f'healthcheck:\n  test: ["CMD", {words}]\n  interval: 60s\n  timeout: 10s')
        return f"In {line_of(run.service.where)}, with a command that fails when the work stands still:{text}"
    text = block("dockerfile", f"HEALTHCHECK --interval=60s --timeout=10s CMD [{words}]")
    return f"In {final_stage(plan)}, with a command that fails when the work stands still:{text}"
