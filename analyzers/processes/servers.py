"""Recognising the program at the end of a command: which server it is, and what its options say."""

from __future__ import annotations

from collections.abc import Callable

from analyzers.artifacts.processes import Server
from analyzers.processes import django, gunicorn, options, uwsgi, workers
from analyzers.processes.setting import Surroundings

OFF = frozenset({"", "0", "false", "no", "off"})
ALONE = frozenset(
    {"--reload", "--no-reload", "--proxy-headers", "--no-proxy-headers", "--access-log", "--no-access-log", "--debug"}
    | {"--no-debugger", "--no-server-header", "--no-date-header", "--use-colors", "--no-use-colors", "--factory"}
    | {"--ws", "--no-ws", "--dev"}
)
STATIC = frozenset(
    {"nginx", "nginx-debug", "caddy", "httpd", "httpd-foreground", "apache2", "apache2-foreground", "apache2ctl"}
    | {"apachectl", "lighttpd", "traefik", "haproxy", "envoy", "varnishd", "static-web-server"}
)
OTHER_WEB = frozenset(
    {"streamlit", "jupyter", "jupyter-lab", "jupyter-notebook", "gradio", "chainlit", "mlflow", "bokeh", "panel"}
    | {"voila", "solara", "reflex", "marimo", "bentoml", "litserve", "jupyterhub", "tensorboard", "vllm"}
)
NODE = frozenset({"node", "npm", "npx", "yarn", "pnpm", "bun", "deno", "next", "vite", "serve", "http-server"})


def recognise(argv: tuple[str, ...], around: Surroundings) -> Server | None:
    """The server that this command is, None where the program is not known."""
    name = argv[0].rsplit("/", 1)[-1]
    reader = READERS.get(name)
    if reader is not None:
        return reader(argv, around)
    if name in STATIC:
        return Server("nginx" if name.startswith("nginx") else name, "static", True, access_log_default_on=True)
    if name in OTHER_WEB:
        return Server("other", "other", True, single=True, application=name)
    if name in NODE:
        return _node(argv)
    return workers.recognise(argv, around) or django.recognise(argv, around)


def short(what: str) -> Server:
    """A command that ends by itself."""
    return Server("other", "command", False, single=True, application=what)


def _first(argv: tuple[str, ...]) -> str:
    """The application that a server is given: its first argument."""
    return next(iter(options.arguments(argv[1:], ALONE)), "")


def _workers(argv: tuple[str, ...], around: Surroundings, flags: tuple[str, ...], *variables: str) -> tuple[str, str]:
    """The worker count as written and what set it."""
    value = options.value(argv, *flags)
    if value:
        return value, flags[-1]
    return next(((around.env[name], name) for name in variables if around.env.get(name)), ("", ""))


def _switch(argv: tuple[str, ...], around: Surroundings, flags: tuple[str, ...], *variables: str) -> str:
    """A switch as written: the flag, or "NAME=value" of a variable that turns it on."""
    if flag := options.present(argv, *flags):
        return flag
    on = (name for name in variables if around.env.get(name, "").strip().lower() not in OFF)
    return next((f"{name}={around.env[name]}" for name in on), "")


def _recycling(argv: tuple[str, ...], around: Surroundings, flags: tuple[str, ...], *variables: str) -> str:
    for flag in flags:
        if value := options.value(argv, flag):
            return f"{flag} {value}"
    return next((f"{name}={around.env[name]}" for name in variables if around.env.get(name)), "")


def uvicorn(argv: tuple[str, ...], around: Surroundings) -> Server:
    count, source = _workers(argv, around, ("--workers",), "UVICORN_WORKERS", "WEB_CONCURRENCY")
    reload = _switch(argv, around, ("--reload",), "UVICORN_RELOAD")
    quiet = options.present(argv, "--no-access-log")
    return Server(
        name="uvicorn",
        kind="production",
        web=True,
        reload=reload,
        reload_where=around.where if reload else None,
        workers=count,
        workers_source=source,
        recycling=_recycling(argv, around, ("--limit-max-requests",), "UVICORN_LIMIT_MAX_REQUESTS"),
        application=_first(argv),
        access_log="off" if quiet else "default",
        access_log_default_on=True,
    )


def _hypercorn(argv: tuple[str, ...], around: Surroundings) -> Server:
    count, source = _workers(argv, around, ("-w", "--workers"))
    reload = options.present(argv, "--reload")
    return Server(
        name="hypercorn",
        kind="production",
        web=True,
        reload=reload,
        reload_where=around.where if reload else None,
        workers=count,
        workers_source=source,
        recycling=_recycling(argv, around, ("--max-requests",)),
        application=_first(argv),
        access_log=gunicorn.stream(options.value(argv, "--access-logfile", "--access-log") or ""),
    )


def _granian(argv: tuple[str, ...], around: Surroundings) -> Server:
    count, source = _workers(argv, around, ("--workers",), "GRANIAN_WORKERS", "WEB_CONCURRENCY")
    reload = _switch(argv, around, ("--reload",), "GRANIAN_RELOAD")
    lifetimes = ("GRANIAN_WORKERS_LIFETIME", "GRANIAN_WORKERS_MAX_RSS")
    logs = _switch(argv, around, ("--access-log",), "GRANIAN_LOG_ACCESS_ENABLED")
    return Server(
        name="granian",
        kind="production",
        web=True,
        reload=reload,
        reload_where=around.where if reload else None,
        workers=count,
        workers_source=source,
        recycling=_recycling(argv, around, ("--workers-lifetime", "--workers-max-rss"), *lifetimes),
        application=_first(argv),
        access_log="stdout" if logs else "default",
    )


def _daphne(argv: tuple[str, ...], around: Surroundings) -> Server:
    log = options.value(argv, "--access-log")
    return Server(
        "daphne",
        "production",
        True,
        single=True,
        application=_first(argv),
        access_log=gunicorn.stream(log or ""),
        access_log_default_on=True,
    )


def _waitress(argv: tuple[str, ...], around: Surroundings) -> Server:
    return Server("waitress", "production", True, single=True, application=_first(argv))


def _mod_wsgi(argv: tuple[str, ...], around: Surroundings) -> Server:
    count, source = _workers(argv, around, ("--processes",))
    reload = options.present(argv, "--reload-on-changes", "--debug-mode")
    return Server(
        name="mod_wsgi",
        kind="production",
        web=True,
        reload=reload,
        reload_where=around.where if reload else None,
        workers=count,
        workers_source=source,
        recycling=_recycling(argv, around, ("--maximum-requests", "--restart-interval")),
        access_log="stdout" if options.present(argv, "--log-to-terminal") else "default",
    )


def _unit(argv: tuple[str, ...], around: Surroundings) -> Server:
    return Server("unit", "production", True, single=True)


def _fastapi(argv: tuple[str, ...], around: Surroundings) -> Server:
    development = "dev" in argv[1:2]
    reload = "fastapi dev" if development else options.present(argv, "--reload")
    count, source = _workers(argv, around, ("--workers",), "WEB_CONCURRENCY")
    names = options.arguments(argv[2:], ALONE)
    return Server(
        name="fastapi",
        kind="development" if development else "production",
        web=True,
        reload=reload,
        reload_where=around.where if reload else None,
        workers=count,
        workers_source=source,
        single=development,
        application=names[0] if names else "",
        access_log_default_on=True,
    )


def _flask(argv: tuple[str, ...], around: Surroundings) -> Server | None:
    """`flask run`; other commands of the flask program are short."""
    words = options.arguments(argv[1:], ALONE)
    if "run" not in argv[1:]:
        return Server("other", "command", False, application=" ".join(words[:2]))
    reload = _switch(argv, around, ("--debug", "--reload", "--debugger"), "FLASK_DEBUG")
    if not reload and around.env.get("FLASK_ENV") == "development":
        reload = "FLASK_ENV=development"
    application = options.value(argv, "-A", "--app") or around.env.get("FLASK_APP", "")
    return Server(
        "flask-run",
        "development",
        True,
        reload=reload,
        reload_where=around.where if reload else None,
        single=True,
        application=application,
        access_log_default_on=True,
    )


def _node(argv: tuple[str, ...]) -> Server:
    development = any(word in ("dev", "start:dev", "develop", "nodemon") for word in argv[1:3])
    return Server("node", "other", True, reload=" ".join(argv[:3]) if development else "", single=True)


READERS: dict[str, Callable[[tuple[str, ...], Surroundings], Server | None]] = {
    "gunicorn": gunicorn.read,
    "newrelic-gunicorn": gunicorn.read,
    "uvicorn": uvicorn,
    "hypercorn": _hypercorn,
    "granian": _granian,
    "daphne": _daphne,
    "waitress-serve": _waitress,
    "waitress": _waitress,
    "mod_wsgi-express": _mod_wsgi,
    "unitd": _unit,
    "fastapi": _fastapi,
    "flask": _flask,
    "uwsgi": uwsgi.read,
    "pyuwsgi": uwsgi.read,
    "uwsgi-core": uwsgi.read,
}
