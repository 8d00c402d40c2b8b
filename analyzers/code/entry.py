"""Entry modules: the files that the service's command names."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from analyzers import regexes as re
from analyzers.code.project import Project

APPLICATION = re.compile(r"^([A-Za-z_]\w*(?:\.\w+)*):[A-Za-z_][\w.()]*$")
MODULE = re.compile(r"^[A-Za-z_]\w*(?:\.\w+)*$")
# What follows these words is a module's name.
BEFORE_MODULE = frozenset({"-m", "-A", "--app", "--application", "-w", "--module", "--wsgi"})
SERVERS = frozenset({"gunicorn", "uvicorn", "hypercorn", "granian", "daphne", "waitress-serve", "uwsgi", "dramatiq"})
VARIABLES = ("FLASK_APP", "APP_MODULE", "UVICORN_APP", "MODULE_NAME", "DJANGO_SETTINGS_MODULE", "GUNICORN_APP")


def entry_paths(
    project: Project, words: Iterable[str], env: Mapping[str, str], scripts: Mapping[str, str]
) -> list[str]:
    """`words`: of every command and followed script; `scripts`: console scripts of the project, name to target."""
    listed = list(words)
    found: dict[str, None] = {}
    for name in _names(listed, env, scripts):
        located = project.find(name)
        if located is not None:
            found.setdefault(located[0])
    for before, word in zip(["", *listed], listed, strict=False):
        found.update(dict.fromkeys(_file(project, word)))
        if before.endswith("manage.py") and word.isidentifier():
            found.update(dict.fromkeys(_file(project, f"management/commands/{word}.py")))
    if not found and "fastapi" in listed:
        found.update(dict.fromkeys(_discovered(project)))
    return list(found)


def _discovered(project: Project) -> list[str]:
    """Where `fastapi run` looks when it is told nothing (fastapi-cli, "automatically discovers")."""
    for name in ("main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py"):
        found = _file(project, name)
        if found:
            return found
    return []


def _names(words: list[str], env: Mapping[str, str], scripts: Mapping[str, str]) -> Iterator[str]:
    served = any(posixpath.basename(word) in SERVERS for word in words)
    for before, word in zip(["", *words], words, strict=False):
        option, _, value = word.partition("=")
        text = value if option in BEFORE_MODULE or option == "-A" else word
        application = APPLICATION.match(text)
        if application:
            yield application.group(1)
        elif MODULE.match(text) and (before in BEFORE_MODULE or option in BEFORE_MODULE or (served and "." in text)):
            yield text
        yield from _console(posixpath.basename(word), scripts)
    for name in VARIABLES:
        yield env.get(name, "").partition(":")[0].removesuffix(".py").replace("/", ".")


def _console(word: str, scripts: Mapping[str, str]) -> Iterator[str]:
    if word in scripts:
        yield scripts[word].partition(":")[0].strip()


def _file(project: Project, word: str) -> list[str]:
    """`python app/main.py`: the image's path ends like the context's."""
    if not word.endswith(".py"):
        return []
    parts = [part for part in word.split("/") if part not in ("", ".")]
    for start in range(len(parts)):
        tail = "/".join(parts[start:])
        found = [path for path in project.paths if path == tail or path.endswith("/" + tail)]
        if found:
            return sorted(found, key=lambda path: path.count("/"))[:1]
    return []
