"""Start scripts that well-known server images bring themselves.

What they run: https://github.com/tiangolo/uvicorn-gunicorn-docker (and its siblings).
"""

from __future__ import annotations

from analyzers.artifacts.processes import Server
from analyzers.processes.setting import Surroundings

GUNICORN = ("tiangolo/uvicorn-gunicorn", "tiangolo/meinheld-gunicorn")
UWSGI = ("tiangolo/uwsgi-nginx",)
OFFICIAL_STYLE = ("nginxinc/", "oven/bun", "valkey/")
OWN_CONFIGURATION = "the base image's gunicorn_conf.py"


def recognise(argv: tuple[str, ...], around: Surroundings) -> Server | None:
    """None where the base is not one of them, or the program is another one."""
    program = argv[0].rpartition("/")[2]
    if program == "entrypoint.sh" and len(argv) > 1:
        return recognise(argv[1:], around)
    if around.base.startswith(GUNICORN):
        return {"start.sh": _gunicorn, "start-reload.sh": _reloading}.get(program, _none)(around)
    return _uwsgi(around) if around.base.startswith(UWSGI) and program == "start.sh" else None


def handed_over(argv: tuple[str, ...], around: Surroundings) -> tuple[str, ...]:
    """The command that an official image's start script ends in: those of this name end in `exec "$@"`."""
    official = "/" not in around.base or around.base.startswith(OFFICIAL_STYLE)
    known = around.base and official and argv[0].rpartition("/")[2] == "docker-entrypoint.sh"
    return argv[1:] if known else ()


def _none(around: Surroundings) -> Server | None:
    return None


def _application(around: Surroundings) -> str:
    module = around.env.get("MODULE_NAME", "main")
    return around.env.get("APP_MODULE") or f"{module}:{around.env.get('VARIABLE_NAME', 'app')}"


def _gunicorn(around: Surroundings) -> Server:
    """Its workers follow from the cores where WEB_CONCURRENCY does not say."""
    count = around.env.get("WEB_CONCURRENCY", "")
    return Server(
        name="gunicorn",
        kind="production",
        web=True,
        workers=count or f"cores × {around.env.get('WORKERS_PER_CORE', '1')}",
        workers_source="WEB_CONCURRENCY" if count else OWN_CONFIGURATION,
        application=_application(around),
        access_log="stdout" if around.env.get("ACCESS_LOG", "-") == "-" else "file",
    )


def _reloading(around: Surroundings) -> Server:
    return Server(
        name="uvicorn",
        kind="production",
        web=True,
        reload="start-reload.sh",
        reload_where=around.where,
        application=_application(around),
        access_log_default_on=True,
    )


def _uwsgi(around: Surroundings) -> Server:
    """supervisord with nginx in front of uWSGI, which it starts with --die-on-term."""
    count = around.env.get("UWSGI_PROCESSES", "")
    return Server(
        name="uwsgi",
        kind="production",
        web=True,
        workers=count,
        workers_source="UWSGI_PROCESSES" if count else "",
        die_on_term=True,
        access_log_default_on=True,
    )
