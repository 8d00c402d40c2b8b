"""Python modules of the repository, read for what they import, call and answer to."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from analyzers.lazy import ast
from analyzers.processes.python_values import parse
from analyzers.records import dataclass
from analyzers.tree import Tree

IMPORT_DEPTH = 2
IMPORTS_LIMIT = 40
FUNCTIONS_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Module:
    path: str
    tree: ast.Module
    names: dict[str, str]  # local name → dotted origin
    endless: tuple[tuple[int, int], ...]  # first and last line of each `while True`
    commands: tuple[tuple[int, int, frozenset[str]], ...]  # functions: lines, and the names that they answer to

    @property
    def roots(self) -> frozenset[str]:
        return frozenset(origin.partition(".")[0] for origin in self.names.values())


def load(tree: Tree, path: str) -> Module | None:
    module = parse(tree.read_text(path) or "") if tree.is_file(path) else None
    return None if module is None else Module(path, module, _imports(module), _endless(module), _commands(module))


def _imports(module: ast.Module) -> dict[str, str]:
    names: dict[str, str] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names.update({alias.asname or alias.name.partition(".")[0]: alias.name for alias in node.names})
        elif isinstance(node, ast.ImportFrom):
            prefix = "." * node.level + (node.module or "")
            names.update({alias.asname or alias.name: f"{prefix}.{alias.name}" for alias in node.names})
    return names


def imported(tree: Tree, first: Module) -> list[Module]:
    """Modules of the repository that the file imports, breadth first."""
    found: dict[str, Module] = {}
    layer = [first]
    for _ in range(IMPORT_DEPTH):
        following = []
        for module in layer:
            for path in _local_paths(tree, module):
                if path not in found and path != first.path and len(found) < IMPORTS_LIMIT:
                    loaded = load(tree, path)
                    if loaded is not None:
                        found[path] = loaded
                        following.append(loaded)
        layer = following
    return list(found.values())


def _local_paths(tree: Tree, module: Module) -> Iterator[str]:
    folder = posixpath.dirname(module.path)
    for origin in dict.fromkeys(module.names.values()):
        level = len(origin) - len(origin.lstrip("."))
        base = folder
        for _ in range(level - 1):
            base = posixpath.dirname(base)
        parts = origin.lstrip(".").split(".")
        for root in [base] if level else [folder, posixpath.dirname(folder), "", "src"]:
            hit = _module_file(tree, root, parts) or _module_file(tree, root, parts[:-1])
            if hit:
                yield hit
                break


def _module_file(tree: Tree, root: str, parts: list[str]) -> str:
    if not parts or not all(parts):
        return ""
    stem = posixpath.join(root, *parts)
    return next((path for path in (f"{stem}.py", f"{stem}/__init__.py") if tree.is_file(path)), "")


def calls(module: Module) -> Iterator[ast.Call]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield node


def _endless(module: ast.Module) -> tuple[tuple[int, int], ...]:
    loops = [node for node in ast.walk(module) if isinstance(node, ast.While) and isinstance(node.test, ast.Constant)]
    return tuple((loop.lineno, loop.end_lineno or 0) for loop in loops[:50] if loop.test)


def _commands(module: ast.Module) -> tuple[tuple[int, int, frozenset[str]], ...]:
    """A function answers to its own name and to the words of its decorators (`@server_group.command("start")`)."""
    found: list[tuple[int, int, frozenset[str]]] = []
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and len(found) < FUNCTIONS_LIMIT:
            parts = [part for decorator in node.decorator_list for part in ast.walk(decorator)]
            texts = {str(part.value) for part in parts if isinstance(part, ast.Constant)}
            groups = {word for part in parts if isinstance(part, ast.Name) for word in part.id.split("_")}
            names = {node.name, node.name.replace("_", "-"), *texts, *groups}
            found.append((node.lineno, node.end_lineno or node.lineno, frozenset(names)))
    return tuple(found)
