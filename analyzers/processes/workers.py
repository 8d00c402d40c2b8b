"""Queue workers, schedulers and other programs that serve no HTTP."""

from __future__ import annotations

from analyzers.artifacts.processes import Server
from analyzers.processes import options
from analyzers.processes.setting import Surroundings

PLAIN = {
    "rq": "rq",
    "rqworker": "rq",
    "rqscheduler": "rq",
    "dramatiq": "dramatiq",
    "dramatiq-gevent": "dramatiq",
    "arq": "other",
    "huey_consumer": "other",
    "huey_consumer.py": "other",
    "taskiq": "other",
    "faststream": "other",
    "procrastinate": "other",
    "saq": "other",
    "faust": "other",
    "nameko": "other",
    "prefect": "other",
    "dagster-daemon": "other",
    "apscheduler": "other",
    "cron": "other",
    "crond": "other",
    "supercronic": "other",
    "scrapyd": "other",
    "tail": "other",
    "sleep": "other",
}
CELERY_COMMANDS = ("worker", "beat", "flower", "events", "multi")


def recognise(argv: tuple[str, ...], around: Surroundings) -> Server | None:
    name = argv[0].rsplit("/", 1)[-1]
    if name == "celery":
        return _celery(argv, around)
    if name not in PLAIN:
        return None
    workers = options.value(argv, "-p", "--processes") if name.startswith("dramatiq") else None
    reload = options.present(argv, "--watch", "--reload")
    return Server(
        PLAIN[name],
        "worker",
        False,
        reload=reload,
        reload_where=around.where if reload else None,
        workers=workers or "",
        workers_source="--processes" if workers else "",
        single=not name.startswith("dramatiq"),
        application=next(iter(options.arguments(argv[1:])), ""),
    )


def _celery(argv: tuple[str, ...], around: Surroundings) -> Server:
    command = next((word for word in argv[1:] if word in CELERY_COMMANDS), "")
    if command not in ("worker", "multi"):
        kind = "worker" if command else "command"
        return Server("celery", kind, command == "flower", single=True, application=_application(argv))
    count = options.value(argv, "-c", "--concurrency", "--autoscale") or ""
    alone = options.value(argv, "-P", "--pool") == "solo"
    flags = ("--max-tasks-per-child", "--max-memory-per-child", "--maxtasksperchild")
    recycling = next((f"{flag} {value}" for flag in flags if (value := options.value(argv, flag))), "")
    return Server(
        "celery",
        "worker",
        False,
        workers=count,
        workers_source="--concurrency" if count else "",
        single=alone,
        recycling=recycling,
        application=_application(argv),
    )


def _application(argv: tuple[str, ...]) -> str:
    return options.value(argv, "-A", "--app") or ""
