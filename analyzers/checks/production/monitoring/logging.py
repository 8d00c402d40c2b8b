"""
A service in a container should log to standard output or error, by a configuration of its own.

## What it checks

Logging that is configured in code which the service imports (`LOGGING`, `dictConfig`, `basicConfig`, structlog,
loguru) or in the server's configuration (gunicorn's `accesslog` or `errorlog` set to `-`), with a handler that writes
to stdout or stderr. Partial: it is configured but only writes files; access logs are switched off; or nothing is
configured and the server happens to log requests by itself, as uvicorn does. Nothing at all is a fail.

## Why it matters

The engine collects what a container prints, rotates it and ships it. A file inside the container fills its writable
layer, nobody sees it, and it is gone with the container. And without a configuration, Python shows warnings only: the
`logger.info` that would explain the incident was never printed.

## How to fix

Before:

```python
logger = logging.getLogger(__name__)
```

After, once, where the application starts:

```python
logging.config.dictConfig({
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "plain"}},
    "root": {"level": "INFO", "handlers": ["stdout"]},
})
```

and for gunicorn `--access-logfile -`.

## Traps

- gunicorn writes no access log unless it is told to.
- Django without `LOGGING` prints to the console only while `DEBUG` is on.
- `disable_existing_loggers` is true by default and silences the loggers of modules that were imported before.
"""

from __future__ import annotations

from analyzers.artifacts.bases import Bases
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.code import Code, LoggingSetup
from analyzers.artifacts.deployment import Deployment
from analyzers.artifacts.processes import Processes, Server
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._places import block, line_of
from analyzers.checks._runs import Run, is_service, runs, unseen
from analyzers.checks._telemetry import unread_note
from analyzers.results import EvidenceLevel, Result, not_applicable


@check(
    order=30,
    weight=1,
    strongest=EvidenceLevel.MEASURED,
    title="Logging is configured and goes to stdout or stderr",
    failure_title="Logging is not configured for a container",
)
def logging(processes: Processes, code: Code, deployment: Deployment, plan: BuildPlan, bases: Bases) -> Result:
    if not is_service(processes):
        return not_applicable("It is not a service: its commands end by themselves.")
    setups = [setup for setup in code.logging if setup.reachable]
    case = Case(notes=unread_note(code))
    for run in runs(processes, deployment, plan, bases):
        if run.process.long_running:
            _judge(case, run, setups, _gap(run, code, unseen(bases, deployment)))
    _note(case, code)
    return case.decide(_passing(setups), fix=_fix(processes, code))


def _judge(case: Case, run: Run, setups: list[LoggingSetup], gap: str) -> None:
    place = run.process.where.path, run.process.where.line
    servers = run.process.servers
    if any(setup.stream for setup in setups) or any(server.access_log == "stdout" for server in servers):
        for server in servers:
            if server.access_log == "off":
                case.lower(f"the access log of {server.name} is switched off", *place)
    elif gap:
        case.doubt(f"no logging to stdout or stderr is seen for {run.label}, but {gap}", *place)
    elif setups:
        _judge_streamless(case, setups)
    elif talking := [server for server in servers if _talks(server)]:
        case.lower(f"nothing is configured; only {talking[0].name} logs by its own default", *place)
    else:
        case.fail(f"no logging is configured for {run.label}", *place)


def _judge_streamless(case: Case, setups: list[LoggingSetup]) -> None:
    for setup in setups:
        if setup.unread:
            message = f"where {setup.kind} logs to is not known: {setup.unread}"
            case.doubt(message, setup.where.path, setup.where.line)
    first = setups[0]
    message = f"logging is configured ({first.kind}), but no handler writes to stdout or stderr"
    case.lower(message, first.where.path, first.where.line)


def _talks(server: Server) -> bool:
    """It logs to stdout or stderr by default; with only its access log switched off, its own log still does."""
    return server.access_log_default_on and server.access_log in ("default", "off")


def _gap(run: Run, code: Code, gap: str) -> str:
    if not code.present:
        return code.absent_reason or "source not in this repository"
    if run.process.unresolved:
        return run.process.unresolved
    if not code.python and any(server.kind == "other" for server in run.process.servers):
        return "code that is not Python is not read"
    return gap


def _note(case: Case, code: Code) -> None:
    for setup in code.logging:
        if not setup.reachable:
            case.note(
                f"{setup.kind} stands in a module that the service does not import", setup.where.path, setup.where.line
            )
        for file in setup.files:
            case.note(
                f"`{file}` is written inside the container, where nobody rotates it", setup.where.path, setup.where.line
            )


def _passing(setups: list[LoggingSetup]) -> str:
    stream = next((setup for setup in setups if setup.stream), None)
    return (
        f"Logging is configured ({stream.kind}) and reaches the console" if stream else "The server logs to the console"
    )


def _fix(processes: Processes, code: Code) -> str:
    place = line_of(processes.all[0].where) if processes.all else "the command"
    module = code.entry_modules[0] if code.entry_modules else "the module that starts the application"
    text = (
        'logging.basicConfig(level="INFO", stream=sys.stdout, format="%(asctime)s %(levelname)s %(name)s %(message)s")'
    )
    names = {server.name for process in processes.all for server in process.servers}
    gunicorn = f"\nAnd in {place}, add `--access-logfile -` to gunicorn." if "gunicorn" in names else ""
    return f"Configure logging once, in `{module}`:{block('python', text)}{gunicorn}"
