"""`python file`, `python -m module` and what they start."""

from __future__ import annotations

import posixpath

from analyzers.artifacts.deployment import Where
from analyzers.artifacts.processes import Server
from analyzers.processes import django, python_scripts, servers, signals
from analyzers.processes.scripts import Follow
from analyzers.processes.setting import Surroundings
from analyzers.processes.trace import Trace
from analyzers.records import replace

WITH_VALUE = frozenset({"-W", "-X", "--check-hash-based-pycs"})
PROGRAMS = {
    "flask": "flask",
    "gunicorn": "gunicorn",
    "gunicorn.app.wsgiapp": "gunicorn",
    "uvicorn": "uvicorn",
    "hypercorn": "hypercorn",
    "granian": "granian",
    "daphne": "daphne",
    "waitress": "waitress-serve",
    "fastapi": "fastapi",
    "fastapi_cli": "fastapi",
    "celery": "celery",
    "django": "django-admin",
    "streamlit": "streamlit",
    "streamlit.web.cli": "streamlit",
    "jupyter": "jupyter",
    "dramatiq": "dramatiq",
    "rq": "rq",
    "arq": "arq",
    "mlflow": "mlflow",
    "bokeh": "bokeh",
    "mod_wsgi": "mod_wsgi-express",
    "supervisor.supervisord": "supervisord",
    "honcho": "honcho",
    "watchfiles": "watchfiles",
    "watchdog.watchmedo": "watchmedo",
    "debugpy": "debugpy",
    "ddtrace.commands.ddtrace_run": "ddtrace-run",
    "opentelemetry.instrumentation.auto_instrumentation": "opentelemetry-instrument",
}
SHORT_MODULES = frozenset({"pip", "pytest", "unittest", "compileall", "alembic", "venv", "build", "ruff", "mypy"})


def follow(argv: tuple[str, ...], around: Surroundings, trace: Trace, onwards: Follow, depth: int) -> None:
    index = 1
    while index < len(argv) and argv[index].startswith("-") and argv[index] not in ("-m", "-c", "-"):
        if not argv[index].startswith("--") and argv[index].endswith("m") and len(argv[index]) > 2:
            break  # `-um module`
        index += 2 if argv[index] in WITH_VALUE else 1
    rest = argv[index:]
    if not rest:
        trace.fails("it starts Python without a file to run")
    elif rest[0] == "-c":
        trace.fails("it runs code given on the command line")
    elif rest[0].startswith("-") and rest[0].endswith("m") and len(rest) > 1:
        _module(rest[1], rest[2:], around, trace, onwards, depth)
    else:
        _file(rest[0], rest[1:], around, trace, onwards, depth)


def _module(
    module: str, args: tuple[str, ...], around: Surroundings, trace: Trace, onwards: Follow, depth: int
) -> None:
    program = PROGRAMS.get(module) or PROGRAMS.get(module.removesuffix(".__main__"))
    if program == "debugpy":
        _debugged(args, around, trace, onwards, depth)
    elif program is not None:
        onwards((program, *args), around, trace, depth + 1)
    elif module in ("http.server", "SimpleHTTPServer"):
        trace.serves(Server("python-script", "development", True, single=True, access_log_default_on=True), False)
    elif module.partition(".")[0] in SHORT_MODULES:
        trace.serves(servers.short(f"python -m {module}"), None)
    else:
        stem = module.replace(".", "/")
        _run_first((f"{stem}.py", f"{stem}/__main__.py"), f"python -m {module}", around, trace)


def _debugged(args: tuple[str, ...], around: Surroundings, trace: Trace, onwards: Follow, depth: int) -> None:
    """`debugpy --listen x -m module …`: the program under a debugger."""
    start = args.index("-m") if "-m" in args else next((i for i, word in enumerate(args) if word.endswith(".py")), None)
    inner = Trace()
    if start is not None:
        onwards(("python", *args[start:]), around, inner, depth + 1)
    for server, handles in zip(inner.servers, inner.handles, strict=True):
        trace.serves(replace(server, reload=server.reload or "debugpy", reload_where=around.where), handles)
    if not inner.servers:
        trace.fails(inner.unresolved or "what debugpy starts cannot be told")


def _file(path: str, args: tuple[str, ...], around: Surroundings, trace: Trace, onwards: Follow, depth: int) -> None:
    name = posixpath.basename(path)
    if name in ("manage.py", "django-admin.py"):
        server = django.recognise((name, *args), around)
        if server is not None:
            trace.serves(server, signals.handles_term(server, args))
        return
    if name in servers.READERS or name in PROGRAMS:
        onwards((name, *args), around, trace, depth + 1)
        return
    paths = (path, f"{path.rstrip('/')}/__main__.py")
    _run_first(paths, f"python {path}", around, trace)


def _run_first(paths: tuple[str, ...], command: str, around: Surroundings, trace: Trace) -> None:
    """Read the first of the files that the repository has; a path is tried where the image puts it, then by name."""
    found = next((hit for path in paths if (hit := _locate(path, around))), None)
    if found is None or around.files is None:
        trace.fails(f"what `{command}` runs is not in the repository")
        return
    trace.went_through(found, Where(found))
    run_script(found, command, around, trace)


def run_script(path: str, command: str, around: Surroundings, trace: Trace, words: tuple[str, ...] = ()) -> None:
    """`words` are the sub-commands that a program of the project is given."""
    assert around.files is not None
    script = python_scripts.read(around.files.tree, path, around, words)
    if script is None:
        trace.fails(f"{path} could not be read as Python")
    elif script.server is None and words:
        trace.fails(f"what `{command} {words[0]}` does is decided inside the project's own program")
    elif script.server is None:
        trace.serves(servers.short(command), True if script.handles_term else None)
    else:
        handles = signals.handles_term(script.server, (), script.handles_term)
        trace.serves(script.server, handles)


def _locate(path: str, around: Surroundings) -> str | None:
    """The repository path of a file that the image runs."""
    if around.files is None:
        return None
    for folder in ("", *(part for part in around.env.get("PYTHONPATH", "").split(":") if part), "src"):
        file = around.read(posixpath.join(folder, path))
        if file is not None:
            return file.where.path
    suffix = path.removeprefix("./").lstrip("/")
    entries = [entry.path for entry in around.files.tree.named(posixpath.basename(path))]
    fitting = [entry for entry in entries if f"/{entry}".endswith(f"/{suffix}")]
    return fitting[0] if len(fitting) == 1 else None
