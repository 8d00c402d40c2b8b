"""
A web application should be served by a server that was written for production, not by the framework's own
development server.

## What it checks

The command that each web service really runs: `ENTRYPOINT` and `CMD`, overridden by the deployment, followed through
entrypoint scripts, wrappers and supervisors. gunicorn, uvicorn, hypercorn, granian, daphne, uWSGI, waitress, mod_wsgi,
NGINX Unit and `fastapi run` pass, and so does a server of static files. `flask run`, `manage.py runserver`,
`fastapi dev`, a script that serves itself (`app.run()`, `HTTPServer`), and any reload or debug switch fail. Workers,
bots and commands are not judged.

## Why it matters

Development servers are made for one person at one machine. They handle few requests at a time, have no time-outs, no
worker that replaces a dead one, no clean stop, and they say so in their own documentation. A reloader doubles the
processes and watches every file; a debugger in the browser runs code for whoever finds it.

## How to fix

Before:

```dockerfile
CMD ["python", "tracker.py"]
```

After:

```dockerfile
RUN pip install --no-cache-dir gunicorn==23.0.0
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--workers", "2", "tracker:app"]
```

For an ASGI application: `CMD ["uvicorn", "tracker:app", "--host", "0.0.0.0", "--port", "8000", "--workers", "2"]`.

## Traps

- A good `CMD` helps nothing where the deployment file replaces it. Look at `command:` in the compose file in use.
- `if __name__ == "__main__": app.run()` is harmless as long as the server imports the module instead of running it.
- Threads inside the development server do not make it a production server.
"""

from __future__ import annotations

from analyzers.artifacts.bases import Bases
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.code import Code
from analyzers.artifacts.deployment import Deployment
from analyzers.artifacts.processes import Process, Processes, Server
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._places import block, line_of
from analyzers.checks._runs import Run, runs
from analyzers.results import EvidenceLevel, Finding, Result, not_applicable

ASGI_FRAMEWORKS = frozenset({"fastapi", "starlette", "quart", "litestar", "sanic", "blacksheep"})


@check(
    order=18,
    weight=3,
    strongest=EvidenceLevel.STATIC,
    title="The application runs on a production server",
    failure_title="The application does not run on a production server",
)
def server(processes: Processes, plan: BuildPlan, bases: Bases, deployment: Deployment, code: Code) -> Result:
    case = Case()
    web = [run for run in runs(processes, deployment, plan, bases) if _may_be_web(run.process)]
    if not web:
        return not_applicable("It is not a web application: no service of this image serves HTTP.")
    if not processes.python and all(_is_foreign(run.process) for run in web):
        return not_applicable("The web server is not Python: WSGI and ASGI do not concern it.")
    for run in web:
        _judge(case, run)
    _note_development(case, processes)
    return case.decide(f"Served by {_names(web)}", fix=_fix(web, code))


def _may_be_web(process: Process) -> bool:
    return bool(process.unresolved) or not process.servers or any(_is_web(server) for server in process.servers)


def _is_web(server: Server) -> bool:
    return server.web or (bool(server.reload) and server.kind not in ("worker", "command"))


def _is_foreign(process: Process) -> bool:
    return not process.unresolved and all(s.kind == "other" for s in process.servers if s.web) and bool(process.servers)


def _judge(case: Case, run: Run) -> None:
    process = run.process
    if process.unresolved or not process.servers:
        reason = process.unresolved or "what it runs was not recognised"
        case.doubt(f"the command of {run.label} is not known: {reason}", process.where.path, process.where.line)
    for server in process.servers:
        if _is_web(server):
            _judge_server(case, run, server)


def _judge_server(case: Case, run: Run, server: Server) -> None:
    place = run.process.where
    command = f"`{' '.join(run.process.argv)}`"
    if server.kind == "development":
        case.fail(f"{run.label} runs {command}, a development server", place.path, place.line)
    elif server.kind not in ("production", "static"):
        case.doubt(f"{run.label} runs {command}, which is not a server that this check knows", place.path, place.line)
    if server.reload:
        where = server.reload_where or place
        case.fail(f"{run.label} has the development switch `{server.reload}`", where.path, where.line)


def _note_development(case: Case, processes: Processes) -> None:
    for process in processes.others:
        if any(server.kind == "development" or server.reload for server in process.servers):
            message = f"a development or test set runs `{' '.join(process.argv)}`; it does not decide"
            case.notes.append(Finding(message, process.where.path, process.where.line))


def _names(web: list[Run]) -> str:
    names = dict.fromkeys(server.name for run in web for server in run.process.servers if server.web)
    return " and ".join(names)


def _fix(web: list[Run], code: Code) -> str:
    found = [(run, server) for run in web for server in run.process.servers if server.reload]
    switches = [
        f"Take `{server.reload}` away in {line_of(server.reload_where or run.process.where)}." for run, server in found
    ]
    wrong = next((run for run in web if any(s.kind == "development" for s in run.process.servers)), None)
    return "\n".join([*switches, _replacement(wrong, code)] if wrong else switches)


def _replacement(run: Run, code: Code) -> str:
    application = next((s.application for s in run.process.servers if s.application), "")
    command = _command(bool(ASGI_FRAMEWORKS & code.frameworks), application, code)
    inside = run.service is not None and run.service.command is not None
    text = block("yaml", f"command: {command}") if inside else block("dockerfile", f"CMD {command}")
    return f"In {line_of(run.process.where)}, run a production server:{text}"


def _command(asgi: bool, application: str, code: Code) -> str:
    if asgi:
        name = application if ":" in application else "main:app"
        return f'["uvicorn", "{name}", "--host", "0.0.0.0", "--port", "8000", "--workers", "2"]'
    name = (
        application if ":" in application else "config.wsgi:application" if "django" in code.frameworks else "app:app"
    )
    return f'["gunicorn", "--bind", "0.0.0.0:8000", "--workers", "2", "{name}"]'
