"""What the target's Python code does, read without running it."""

from __future__ import annotations

from analyzers.artifacts.deployment import Where
from analyzers.records import dataclass, field


@dataclass(frozen=True, slots=True)
class Import:
    module: str
    where: Where
    test: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """A route of the web application: full path as far as prefixes could be followed, and its handler's name.

    `touches`: dependencies that the handler's body checks ("database", "redis", "http", …), () for a light one.
    `protected`: it needs credentials (login decorator, auth dependency), as far as can be seen. `metrics`: serves
    metrics.
    """

    path: str
    handler: str
    where: Where
    framework: str
    touches: tuple[str, ...] = ()
    protected: bool = False
    metrics: bool = False


@dataclass(frozen=True, slots=True)
class LoggingSetup:
    """A logging configuration in code or server configuration.

    `kind`: dictConfig basicConfig LOGGING structlog loguru fileConfig gunicorn uvicorn handler. `stream`: a
    handler reaches
    stdout/stderr. `files`: log files it writes. `reachable`: the service's import graph reaches it. `unread`: why its
    handlers could not be told (then `stream` is false without being known), else "".
    """

    kind: str
    where: Where
    stream: bool
    files: tuple[str, ...] = ()
    reachable: bool = True
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A call or setting of interest, by topic.

    topics: "metrics" (a metrics library used: counter, middleware, endpoint), "metrics_endpoint" (metrics served
    over HTTP),
    "apm" (Sentry with tracing, New Relic, Elastic, ddtrace started), "process_metrics" (psutil, process collector,
    OpenTelemetry system metrics), "profiler" (py-spy, pyinstrument, cProfile, Silk, Pyroscope, Sentry profiles),
    "memory_profiler" (memray, tracemalloc, memory_profiler), "signal_handler" (SIGTERM handled), "serves_itself"
    (app.run, HTTPServer, uvicorn.run; `detail` names it), "debug_on" (a literal DEBUG = True or debug=True),
    "debug_off" (a settings module's literal DEBUG = False, which may take back another's),
    "debug_env" (`detail` = environment variable that decides DEBUG, with `default` in parentheses), "bool_environ"
    (bool(os.environ…) of a string), "assert" (code outside tests relies on assert), "program" (a program that the
    code starts; `detail` is its name).

    `test`: in settings that only development or tests use. `reachable`: false where the service does not come to run
    it. For "debug_env", "debug_on" hangs on `variable`: `default_on` is what it is when that is unset, `on_when` says
    which values switch it on: "" any switched-on one, "=X" X exactly (commas separate several), "!=X" anything else,
    "set" any text but the empty one, "!" a switched-off one.
    """

    topic: str
    detail: str
    where: Where
    test: bool = False
    reachable: bool = True
    variable: str = ""
    default_on: bool = False
    on_when: str = ""


@dataclass(frozen=True, slots=True)
class Tool:
    """A file or script line that wires in a tool. topics: "load_test", "profiler", "memory_profiler", "scrape_config",
    "monitoring_agent", "metrics_collector"."""

    topic: str
    name: str
    where: Where


@dataclass(frozen=True, slots=True)
class Code:
    """`present`: application source is in the tree; else `absent_reason` completes "unknown: …".

    `python`: there is Python code for this target. `calls`, `routes`, `logging` cover the files that the image takes;
    `tools` the whole repository. `unread`: (path, why) of Python files that could not be parsed.
    `frameworks`: flask fastapi django starlette … as imported. `asserts`: count of assert statements outside tests.
    """

    present: bool
    python: bool
    absent_reason: str = ""
    frameworks: frozenset[str] = frozenset()
    imports: tuple[Import, ...] = ()
    routes: tuple[Route, ...] = ()
    logging: tuple[LoggingSetup, ...] = ()
    calls: tuple[Call, ...] = ()
    tools: tuple[Tool, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    asserts: int = 0
    routes_unknown: str = ""
    entry_modules: tuple[str, ...] = field(default_factory=tuple)

    def calls_about(self, *topics: str, tests: bool = False) -> list[Call]:
        return [call for call in self.calls if call.topic in topics and (tests or not call.test)]
