"""
A container's first process must get the stop signal and act on it, and a server with workers must be told how many.

## What it checks

Two things for every service of this image. First, the stop signal reaches a process that handles it: the command is in
exec form, or its scripts end in `exec`, and the server handles the signal; or an init (`tini`, `dumb-init`,
`init: true`, s6, supervisord) stands in front; or `STOPSIGNAL` names a signal that the program does handle. Second, a
server with several workers has their number set by flag, configuration file or `WEB_CONCURRENCY`. Both pass, one is
partial, none fails. A shell that is not replaced by `exec`, `sudo` as first process, and several daemons without a
supervisor fail in any case.

## Why it matters

Process 1 is special: the kernel delivers to it only signals that it has a handler for. A shell as process 1 passes
nothing on, plain Python installs no handler for SIGTERM. Docker then waits ten seconds and kills: requests are cut off,
jobs are lost, and every deployment takes ten seconds longer for each container.

The default number of workers is either one, which leaves cores idle, or the machine's number of cores, which breaks
every memory limit.

## How to fix

Before:

```dockerfile
CMD gunicorn shop.wsgi
```

After:

```dockerfile
CMD ["gunicorn", "--workers", "3", "shop.wsgi"]
```

An entrypoint script ends by handing over:

```shell
#!/bin/sh
python manage.py migrate
exec "$@"
```

## Traps

- uWSGI takes SIGTERM as "reload" unless `die-on-term` is set.
- A Compose `command:` that is a text is split into words, not run by a shell. In a Dockerfile, the same text is run by
  one.
- `tini` hands the signal to its direct child only. With a shell between them, use `exec` all the same.
"""

from __future__ import annotations

from analyzers.artifacts.bases import Bases
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.deployment import Deployment
from analyzers.artifacts.processes import Process, Processes, Server
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._places import block, line_of
from analyzers.checks._runs import Run, runs
from analyzers.checks.runtime.resources._signals import broken, handled, stop_signal
from analyzers.results import EvidenceLevel, Result, not_applicable

MULTI_WORKER = frozenset(
    {"gunicorn", "uvicorn", "hypercorn", "granian", "uwsgi", "mod_wsgi", "fastapi", "celery", "dramatiq"}
)


@check(
    order=20,
    weight=2,
    strongest=EvidenceLevel.MEASURED,
    title="Processes stop on the signal, and the number of workers is set",
    failure_title="Processes do not stop cleanly, or the number of workers is left to chance",
)
def process_management(processes: Processes, plan: BuildPlan, bases: Bases, deployment: Deployment) -> Result:
    lasting = [run for run in runs(processes, deployment, plan, bases) if run.process.long_running]
    if not lasting:
        return not_applicable("The image runs short-lived commands: there is no process to manage.")
    case = Case()
    for run in lasting:
        _judge(case, run)
    for process in processes.others:
        if trouble := broken(process):
            case.note(f"in a set that does not decide, {trouble[0]}", trouble[1].path, trouble[1].line)
    names = " and ".join(dict.fromkeys(server.name for run in lasting for server in run.process.servers))
    return case.decide(f"The stop signal reaches {names}, and its workers are set", fix=_fix(lasting))


def _judge(case: Case, run: Run) -> None:
    process = run.process
    if process.unresolved:
        case.doubt(f"the command of {run.label} is not known: {process.unresolved}", *_place(run))
    elif trouble := broken(process):
        case.fail(f"for {run.label}, {trouble[0]}", trouble[1].path, trouble[1].line)
    else:
        _judge_both(case, run)


def _judge_both(case: Case, run: Run) -> None:
    acts, counted = handled(run.process), not _uncounted_servers(run.process)
    if acts is False and not counted:
        case.fail(f"{run.label} {_deaf(run.process)}, and {_uncounted(run.process)}", *_place(run))
    elif acts is None:
        case.doubt(f"whether `{_program(run.process)}` acts on the stop signal cannot be told from files", *_place(run))
    elif acts is False:
        case.lower(f"{run.label} {_deaf(run.process)}", *_place(run))
    elif not counted:
        case.lower(f"{run.label} stops on its signal, but {_uncounted(run.process)}", *_place(run))


def _uncounted_servers(process: Process) -> list[Server]:
    """Servers with several workers whose number nothing sets."""
    return [s for s in process.servers if s.name in MULTI_WORKER and not s.single and not s.workers]


def _deaf(process: Process) -> str:
    return f"runs `{_program(process)}` as first process, which does not act on {stop_signal(process)}"


def _uncounted(process: Process) -> str:
    return f"the worker count of {', '.join(server.name for server in _uncounted_servers(process))} is not set"


def _program(process: Process) -> str:
    return " ".join(process.argv[:3])


def _place(run: Run) -> tuple[str, int | None]:
    return run.process.where.path, run.process.where.line


def _fix(lasting: list[Run]) -> str:
    return "\n".join(text for run in lasting for text in _fix_for(run))


def _fix_for(run: Run) -> list[str]:
    """One paragraph for the signal, one for the workers, each where it is needed."""
    process = run.process
    texts: list[str] = []
    if process.unresolved:
        return texts
    if trouble := broken(process):
        texts.append(_exec_fix(process, line_of(trouble[1])))
    elif handled(process) is False:
        service = f"`{run.service.name}`, {line_of(run.service.where)}" if run.service else "the service that runs it"
        texts.append(f"Put an init in front of {line_of(process.where)}: for {service}:{block('yaml', 'init: true')}")
    for server in _uncounted_servers(process):
        texts.append(
            f"Set the worker count of {server.name}, in {line_of(process.where)}:{_workers_fix(process, server)}"
        )
    return texts


def _exec_fix(process: Process, place: str) -> str:
    if process.via and not process.sudo and not process.daemons:
        return f"End the script at {place} by handing over:{block('shell', 'exec ' + ' '.join(process.argv))}"
    words = ", ".join(f'"{word}"' for word in process.argv if word not in ("/bin/sh", "sh", "-c"))
    return f"In {place}, run one server, in exec form:{block('dockerfile', f'CMD [{words}]')}"


def _workers_fix(process: Process, server: Server) -> str:
    options = {"celery": "--concurrency=2", "uwsgi": "--processes 2", "mod_wsgi": "--processes 2"}
    return block("text", f"{' '.join(process.argv)} {options.get(server.name, '--workers 2')}")
