"""The import graph: which files the service comes to import from its entry modules."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from analyzers import regexes as re
from analyzers.code.project import Project

REACH_LIMIT = 3_000
PARENTHESIS_LIMIT = 4_000
FROM = re.compile(r"^[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]+", re.MULTILINE)
IMPORT = re.compile(r"^[ \t]*import[ \t]+([^\n#;]+)", re.MULTILINE)
NAME = re.compile(r"\w+")
DOTTED_TEXT = re.compile(r"[\"']([A-Za-z_]\w*(?:\.\w+)+)(?::\w+)?[\"']")
APP_TEXT = re.compile(r"[\"']([A-Za-z_]\w*)[\"']")
APP_MODULES = ("apps", "models", "admin", "signals")


def reachable(project: Project, entries: Iterable[str]) -> frozenset[str]:
    """Paths reached from the entry files, by imports and by texts that name a module ("config.urls").

    Empty where there is no entry: the caller then knows nothing.
    """
    pending = list(entries)
    seen = set(pending)
    while pending and len(seen) < REACH_LIMIT:
        path = pending.pop()
        for found in _neighbours(project, path):
            if found not in seen:
                seen.add(found)
                pending.append(found)
    return frozenset(seen)


def _neighbours(project: Project, path: str) -> Iterator[str]:
    text = project.text(path)
    names = {*imported_names(text, path), *_named_modules(text)}
    found = {place for name in names if (place := project.find(name, path)) is not None}
    modules = {module for module, _ in found}
    yield from modules
    for folder in {module.rpartition("/")[0] for module in modules}:
        yield from _packages(project, folder)
    for module, rest in found:
        if not rest:
            yield from _app_modules(project, module)


def imported_names(text: str, path: str) -> Iterator[str]:
    """Full dotted names of modules and of what is taken from them."""
    for match in FROM.finditer(text):
        base = _base(match.group(1), path)
        for name in NAME.findall(_imported_list(text, match.end()))[:300]:
            yield f"{base}.{name}" if base else name
        yield base
    for match in IMPORT.finditer(text):
        for part in match.group(1).split(","):
            yield part.strip().split(" ")[0]


def _imported_list(text: str, start: int) -> str:
    if text.startswith("(", start):
        end = text.find(")", start, start + PARENTHESIS_LIMIT)
        return text[start : end if end > 0 else start + PARENTHESIS_LIMIT]
    end = text.find("\n", start)
    return text[start : end if end >= 0 else len(text)][:PARENTHESIS_LIMIT].partition("#")[0]


def _base(name: str, path: str) -> str:
    module = name.lstrip(".")
    level = len(name) - len(module)
    if level == 0:
        return module
    folder = path
    for _ in range(min(level, 20)):
        folder = folder.rpartition("/")[0]
    return ".".join(part for part in (folder.replace("/", "."), module) if part)


def _named_modules(text: str) -> Iterator[str]:
    for match in DOTTED_TEXT.finditer(text):
        yield match.group(1)
    if "INSTALLED_APPS" in text:
        for match in APP_TEXT.finditer(text):
            yield match.group(1)


def _packages(project: Project, folder: str) -> Iterator[str]:
    """Importing a module runs the packages above it."""
    while folder:
        package = f"{folder}/__init__.py"
        if package not in project:
            return
        yield package
        folder = folder.rpartition("/")[0]


def _app_modules(project: Project, path: str) -> Iterator[str]:
    """Django imports these of every installed application."""
    if path.endswith("/__init__.py"):
        for name in APP_MODULES:
            beside = f"{posixpath.dirname(path)}/{name}.py"
            if beside in project:
                yield beside
