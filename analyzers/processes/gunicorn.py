"""gunicorn: its settings from configuration file, GUNICORN_CMD_ARGS and flags, the later ones winning."""

from __future__ import annotations

from collections.abc import Mapping

from analyzers.artifacts.processes import Server
from analyzers.processes import options
from analyzers.processes.image_files import ImageFile
from analyzers.processes.python_values import Values, read_values
from analyzers.processes.setting import Setting, Surroundings

FLAGS = {
    "workers": ("-w", "--workers"),
    "worker_class": ("-k", "--worker-class"),
    "max_requests": ("--max-requests",),
    "access_log": ("--access-logfile",),
    "error_log": ("--error-logfile", "--log-file"),
}
ALONE = frozenset({"--reload", "--preload", "--daemon", "-D", "--capture-output", "--check-config", "-R"})
OFF = frozenset({"", "false", "0", "none", "no", "off"})
FROM_FILE = {"accesslog": "access_log", "errorlog": "error_log"}
DEFAULT_FILE = "gunicorn.conf.py"


def read(argv: tuple[str, ...], around: Surroundings) -> Server:
    extra = options.split(around.env.get("GUNICORN_CMD_ARGS", ""))
    settings = {"workers": Setting(around.env.get("WEB_CONCURRENCY", ""), "WEB_CONCURRENCY")}
    file = _config_file(argv, extra, around)
    if file is not None:
        settings.update(_from_file(file, around.env))
    for source, words in (("GUNICORN_CMD_ARGS", extra), ("", argv)):
        settings.update(_from_flags(words, source))
    return _server(argv, settings, around)


def _server(argv: tuple[str, ...], settings: Mapping[str, Setting], around: Surroundings) -> Server:
    none = Setting("", "")
    workers, recycling = settings.get("workers", none), settings.get("max_requests", none)
    reload = settings.get("reload", none)
    names = options.arguments(argv[1:], ALONE)
    return Server(
        name="gunicorn",
        kind="production",
        web=True,
        reload=reload.value,
        reload_where=(reload.where or around.where) if reload.value else None,
        workers=workers.value,
        workers_source=workers.source if workers.value else "",
        recycling=f"{recycling.source} {recycling.value}" if recycling.value.strip("0 ") else "",
        application=names[0] if names else "",
        access_log=stream(settings.get("access_log", none).value),
    )


def stream(value: str) -> str:
    """Where a log option of this value goes to."""
    if not value or value == "None":
        return "default"
    return "stdout" if value in ("-", "/dev/stdout", "/dev/stderr", "/proc/1/fd/1", "/proc/1/fd/2") else "file"


def _config_file(argv: tuple[str, ...], extra: tuple[str, ...], around: Surroundings) -> ImageFile | None:
    named = options.value(argv, "-c", "--config") or options.value(extra, "-c", "--config")
    chdir = options.value(argv, "--chdir")
    path = (named or DEFAULT_FILE).removeprefix("file:")
    if path.startswith("python:"):
        path = path.removeprefix("python:").replace(".", "/") + ".py"
    return around.read(path) or (around.read(f"{chdir}/{path}") if chdir else None)


def _from_flags(words: tuple[str, ...], source: str) -> dict[str, Setting]:
    found = {}
    for key, names in FLAGS.items():
        value = options.value(words, *names)
        if value is not None:
            found[key] = Setting(value, source or names[-1])
    if reload := options.present(words, "--reload"):
        found["reload"] = Setting(reload, source or reload)
    return found


def _from_file(file: ImageFile, env: Mapping[str, str]) -> dict[str, Setting]:
    values: Values = read_values(file.text, env)
    found = {}
    for name, (value, line) in values.items():
        key = FROM_FILE.get(name, name)
        if key == "reload":
            if value.lower() not in OFF:
                found[key] = Setting("reload = " + value, file.where.path, file.at(line))
        elif key in FLAGS and value != "None":
            found[key] = Setting(value, file.where.path, file.at(line))
    return found
