"""Profilers and memory profilers that the code wires in, by import, call, or as middleware."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from analyzers.artifacts.code import Call
from analyzers.artifacts.deployment import Where
from analyzers.code.module import Module, constants

IMPORTS: dict[str, str] = {
    "cProfile": "cProfile",
    "pyinstrument": "pyinstrument",
    "yappi": "yappi",
    "scalene": "scalene",
    "pyroscope": "Pyroscope",
    "silk": "Silk",
    "viztracer": "viztracer",
    "line_profiler": "line_profiler",
    "googlecloudprofiler": "Cloud Profiler",
    "ddtrace.profiling": "Datadog profiling",
    "werkzeug.middleware.profiler": "Werkzeug profiler",
    "flask_profiler": "flask-profiler",
    "fastapi_profiler": "fastapi-profiler",
    "austin": "austin",
}
MEMORY_IMPORTS: dict[str, str] = {
    "memray": "memray",
    "tracemalloc": "tracemalloc",
    "memory_profiler": "memory_profiler",
    "guppy": "guppy",
    "pympler": "pympler",
    "objgraph": "objgraph",
    "filprofiler": "Fil",
}
# Django names these in INSTALLED_APPS or MIDDLEWARE; nothing else that holds their name wires them in.
SETTINGS: dict[str, str] = {
    "silk": "Silk",
    "pyinstrument": "pyinstrument",
    "django_cprofile_middleware": "cProfile",
}
SETTINGS_NAMES = frozenset({"INSTALLED_APPS", "MIDDLEWARE", "MIDDLEWARE_CLASSES"})


def read(module: Module) -> Iterator[Call]:
    for name, line in module.imported.items():
        yield from _imported(module, name, line)
    yield from _middleware(module)


def _imported(module: Module, name: str, line: int) -> Iterator[Call]:
    for topic, table in (("profiler", IMPORTS), ("memory_profiler", MEMORY_IMPORTS)):
        for package, label in table.items():
            if name == package or name.startswith(package + "."):
                yield Call(topic, label, Where(module.path, line))


def _middleware(module: Module) -> Iterator[Call]:
    for node, value in _lists(module):
        for text in constants(value):
            label = SETTINGS.get(text.split(".")[0], "")
            if label:
                yield Call("profiler", label, module.where(node))


def _lists(module: Module) -> Iterator[tuple[ast.AST, ast.expr]]:
    """Values given to the settings by `=`, `+=`, `.append(…)` or `.insert(…)`."""
    for node in (*module.assignments, *module.additions):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if node.value is not None and any(isinstance(item, ast.Name) and item.id in SETTINGS_NAMES for item in targets):
            yield node, node.value
    for call in module.calls:
        if isinstance(call.func, ast.Attribute) and call.args:
            owner = call.func.value
            if (
                isinstance(owner, ast.Name)
                and owner.id in SETTINGS_NAMES
                and call.func.attr in ("append", "insert", "extend")
            ):
                yield call, call.args[-1]
