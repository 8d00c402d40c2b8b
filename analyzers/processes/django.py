"""Django's management commands: which of them serve, work on, or end soon."""

from __future__ import annotations

from analyzers.artifacts.processes import Server
from analyzers.lazy import ast
from analyzers.processes import options
from analyzers.processes.python_values import parse
from analyzers.processes.setting import Surroundings

SERVERS = frozenset({"runserver", "runserver_plus", "testserver", "livereload", "runsslserver"})
ALONE = frozenset({"--noreload", "--nothreading", "--insecure", "--no-input", "--noinput", "--nostatic"})
WORKERS = frozenset(
    {"rqworker", "rqscheduler", "qcluster", "run_huey", "process_tasks", "rundramatiq", "celery", "rq", "db_worker"}
    | {"procrastinate", "runworker", "runscheduler", "runapscheduler", "sendalerts", "sendreports", "smtpd", "crontab"}
)


def recognise(argv: tuple[str, ...], around: Surroundings) -> Server | None:
    """`manage.py x`, `django-admin x`; None where the program is neither."""
    name = argv[0].rsplit("/", 1)[-1]
    if name not in ("manage.py", "django-admin", "django-admin.py", "django"):
        return None
    words = options.arguments(argv[1:], ALONE)
    command = words[0] if words else ""
    if command in SERVERS:
        return Server("runserver", "development", True, single=True, access_log_default_on=True)
    if command.startswith("rq"):
        return Server("rq", "worker", False, single=True, application=f"manage.py {command}")
    production = {"run_gunicorn": "gunicorn", "runmodwsgi": "mod_wsgi", "run_uvicorn": "uvicorn", "granian": "granian"}
    if command in production:
        return Server(production[command], "production", True, workers=options.value(argv, "--workers", "-w") or "")
    long_running = command in WORKERS or _loops(command, around)
    kind = "worker" if long_running else "command"
    return Server("other", kind, False, single=True, application=f"manage.py {command}")


def _loops(command: str, around: Surroundings) -> bool:
    """A command of the project that holds an endless loop is meant to stay."""
    if around.files is None or not command.isidentifier():
        return False
    suffix = f"management/commands/{command}.py"
    paths = [entry.path for entry in around.files.tree.named(f"{command}.py") if entry.path.endswith(suffix)]
    module = parse(around.files.tree.read_text(paths[0]) or "") if paths else None
    return module is not None and any(_endless(node) for node in ast.walk(module))


def _endless(node: ast.AST) -> bool:
    if isinstance(node, ast.While):
        return isinstance(node.test, ast.Constant) and bool(node.test.value)
    called = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
    return called in ("run_forever", "serve_forever", "run_polling", "start_consuming", "infinity_polling")
