"""uWSGI: flags, `UWSGI_*` variables and its ini files."""

from __future__ import annotations

from analyzers.artifacts.processes import Server
from analyzers.processes.setting import Surroundings

OFF = frozenset({"false", "0", "no", "off"})
COUNTS = ("processes", "workers", "p")
RECYCLING = ("max-requests", "reload-on-rss", "reload-on-as", "max-worker-lifetime", "evil-reload-on-rss")
RELOADING = ("py-autoreload", "py-auto-reload")
SECTION = "[uwsgi]"
INI_DEPTH = 3


def read(argv: tuple[str, ...], around: Surroundings) -> Server:
    settings = {**_from_env(around), **_from_flags(argv, around)}
    count = next(((settings[key], key) for key in COUNTS if settings.get(key)), ("", ""))
    recycling = next((f"{key} {settings[key]}" for key in RECYCLING if settings.get(key)), "")
    reload = next((f"{key} {settings[key]}".strip() for key in RELOADING if _on(settings, key)), "")
    quiet = _on(settings, "disable-logging") or _on(settings, "disable-logs")
    to_file = settings.get("logto") or settings.get("daemonize")
    return Server(
        name="uwsgi",
        kind="production",
        web=True,
        reload=reload,
        reload_where=around.where if reload else None,
        workers=count[0],
        workers_source=count[1],
        recycling=recycling,
        application=settings.get("module") or settings.get("wsgi-file") or settings.get("w") or "",
        die_on_term=_on(settings, "die-on-term"),
        access_log="off" if quiet else "file" if to_file else "default",
        access_log_default_on=True,
    )


def _on(settings: dict[str, str], key: str) -> bool:
    return key in settings and settings[key].lower() not in OFF


def _from_env(around: Surroundings) -> dict[str, str]:
    found = {k[6:].lower().replace("_", "-"): v for k, v in around.env.items() if k.startswith("UWSGI_")}
    path = found.get("ini")
    return {**(_from_ini(path, around) if path else {}), **found}


def _from_flags(argv: tuple[str, ...], around: Surroundings) -> dict[str, str]:
    found: dict[str, str] = {}
    for index, word in enumerate(argv[1:], 1):
        following = argv[index + 1] if index + 1 < len(argv) else ""
        if word.startswith("-"):
            key, equals, value = word.lstrip("-").partition("=")
            found[key] = value if equals else ("" if following.startswith("-") else following)
        if word.endswith(".ini") or word.startswith("--ini="):
            found = {**_from_ini(word.removeprefix("--ini="), around), **found}
    return found


def _from_ini(path: str, around: Surroundings, depth: int = 0) -> dict[str, str]:
    file = around.read(path.partition(":")[0]) if depth < INI_DEPTH else None
    found: dict[str, str] = {}
    inside = False
    for line in file.text.splitlines() if file else ():
        text = line.split(";")[0].split(" #")[0].strip()
        if text.startswith("["):
            inside = text.startswith(SECTION)
        elif inside and text and not text.startswith("#"):
            key, _, value = text.partition("=")
            found[key.strip()] = value.strip()
            if key.strip() == "ini":
                found = {**_from_ini(value.strip(), around, depth + 1), **found}
    return found
