"""Which programs act on SIGTERM by themselves, as process 1."""

from __future__ import annotations

from analyzers.artifacts.processes import Server

HANDLING = frozenset(
    {"gunicorn", "uvicorn", "hypercorn", "granian", "daphne", "fastapi", "celery", "rq", "dramatiq", "mod_wsgi", "unit"}
)


def handles_term(server: Server, argv: tuple[str, ...], script_handles: bool | None = None) -> bool | None:
    """`script_handles`: whether the Python file that was read installs a handler, None where none was read."""
    if server.name in HANDLING or server.kind == "static":
        return True
    if server.name == "uwsgi":
        return server.die_on_term
    if server.name == "runserver":
        return "--noreload" not in argv  # Django's reloader installs a handler, the server itself has none
    if server.name == "flask-run":
        return bool(server.reload)  # likewise Werkzeug's reloader
    if server.name in ("python-script", "waitress"):
        return bool(script_handles)
    return script_handles
