"""The effective command of each service, after following entrypoints, wrappers and scripts."""

from __future__ import annotations

from analyzers.artifacts.deployment import Where
from analyzers.records import dataclass


@dataclass(frozen=True, slots=True)
class Server:
    """The server program that a process ends up running.

    name: gunicorn uvicorn hypercorn granian daphne uwsgi waitress mod_wsgi unit fastapi flask-run runserver
    python-script celery rq dramatiq nginx node other. `kind`: "production", "development" (flask run, runserver, a
    script that serves itself, `fastapi dev`), "static" (non-Python file server), "worker" (queue worker,
    scheduler, bot),
    "command" (short-lived), "other" (a non-Python server or unknown program).
    `web`: serves HTTP. `reload`: the switch or call that reloads or debugs, "" where none, with where it stands.
    `workers`: the count as written, "" where not set; `workers_source` says where ("--workers", "WEB_CONCURRENCY",
    "gunicorn.conf.py"); `single`: one process by design. `recycling`: "--max-requests 1000" and the like, "" where
    none.
    `application`: what it serves ("app.main:app", "wsgi:application"), "" where unknown. `die_on_term`: uWSGI's option.
    `access_log`: "stdout", "off", "file", or "default" (nothing said); `access_log_default_on`: it logs requests to
    stdout/stderr when nothing is said (uvicorn, uWSGI, granian off, gunicorn off, flask and Django dev servers on).
    """

    name: str
    kind: str
    web: bool
    reload: str = ""
    reload_where: Where | None = None
    workers: str = ""
    workers_source: str = ""
    single: bool = False
    recycling: str = ""
    application: str = ""
    die_on_term: bool = False
    access_log: str = "default"
    access_log_default_on: bool = False


@dataclass(frozen=True, slots=True)
class Process:
    """One service's PID 1 and what it comes to run.

    `argv`: the effective command; `form`: "exec" (JSON or argv), "shell" (shell form), "" where unresolved.
    `via`: what was followed to get there: entrypoint scripts and wrappers, in order, as (description, where).
    `execs`: the signal reaches the server: exec form, or every followed script ends in exec. `broken_at`: where it
    stops
    reaching it (a shell form, a script's last command without exec). `init`: tini, dumb-init, `init: true`, s6,
    supervisord, else "". `sudo`: sudo or su stays as PID 1. `daemons`: several long-running programs with no
    supervisor.
    `handles_term`: the server installs a handler for the stop signal (None where that cannot be told).
    `servers`: usually one; several under supervisord or s6. `unresolved`: why the command could not be told, else "".
    `long_running`: a service, not a one-off command.
    """

    service: str
    where: Where
    argv: tuple[str, ...]
    form: str
    via: tuple[tuple[str, Where], ...] = ()
    execs: bool = True
    broken_at: Where | None = None
    init: str = ""
    sudo: bool = False
    daemons: tuple[str, ...] = ()
    handles_term: bool | None = None
    stop_signal: str = ""
    servers: tuple[Server, ...] = ()
    unresolved: str = ""
    long_running: bool = True


@dataclass(frozen=True, slots=True)
class Processes:
    """One Process per service of the deciding set; where no deciding set runs the target, one for the image itself.

    `python`: the target runs Python code at all. `web`: some process serves HTTP, None where that cannot be told.
    `others`: processes of development or test sets, for findings only.
    """

    all: tuple[Process, ...]
    python: bool
    web: bool | None
    others: tuple[Process, ...] = ()
