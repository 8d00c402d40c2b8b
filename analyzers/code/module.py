"""One Python file, parsed once and walked once; every topic reads from this."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from analyzers.artifacts.deployment import Where
from analyzers.records import dataclass, field

CHAIN_LIMIT = 40
LEAVES = frozenset({ast.Name, ast.Constant, ast.Pass, ast.Break, ast.Continue, ast.Global, ast.Nonlocal})
Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class UnreadableModule(Exception):
    """The file is not Python 3 that this interpreter can parse; the message says why."""


@dataclass
class Module:
    """A parsed file. `name` is its dotted name below the source root ("app.main").

    `names` maps a local name to what it stands for: an import to its full dotted name, a variable that holds a call's
    value to the callee's dotted name with "()" ("fastapi.FastAPI()"). `guarded` are the nodes that run only when the
    file is the script (`if __name__ == "__main__"`).
    """

    path: str
    name: str
    tree: ast.Module
    calls: list[ast.Call] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)
    assignments: list[ast.Assign | ast.AnnAssign] = field(default_factory=list)
    comparisons: list[ast.Compare] = field(default_factory=list)
    additions: list[ast.AugAssign] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    imported: dict[str, int] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    guarded: frozenset[int] = frozenset()
    _resolved: dict[int, str] = field(default_factory=dict)

    def where(self, node: ast.AST) -> Where:
        return Where(self.path, getattr(node, "lineno", None))

    def resolve(self, node: ast.AST) -> str:
        """The full dotted name of an expression; calls in it become "()". "" where it is no chain of names."""
        if id(node) not in self._resolved:
            self._resolved[id(node)] = dotted(node, self.names)
        return self._resolved[id(node)]

    def variable(self, name: str) -> ast.expr | None:
        """What is last assigned to a module-level name."""
        return self._variables.get(name)

    def assigned(self, name: str) -> ast.expr | None:
        """What is first assigned to a name in any scope of the file."""
        return self._assigned.get(name)

    def definition(self, name: str) -> Definition | None:
        return self._definitions.get(name)

    @cached_property
    def _variables(self) -> dict[str, ast.expr]:
        return dict(_values(node for node in self.tree.body if isinstance(node, ast.Assign | ast.AnnAssign)))

    @cached_property
    def _assigned(self) -> dict[str, ast.expr]:
        return dict(_values(reversed(self.assignments)))

    @cached_property
    def _definitions(self) -> dict[str, Definition]:
        return {node.name: node for node in reversed(self.definitions)}


def _values(nodes: Iterable[ast.Assign | ast.AnnAssign]) -> Iterator[tuple[str, ast.expr]]:
    for node in nodes:
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name) and node.value is not None:
                yield target.id, node.value


def parse(path: str, text: str) -> Module:
    """Raises UnreadableModule; every other trouble with hostile text is one of these four."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        raise UnreadableModule(f"not readable as Python 3{line}") from error
    module = Module(path, module_name(path), tree)
    _collect(module)
    return module


def module_name(path: str) -> str:
    stem = path.removesuffix(".py").removesuffix("/__init__")
    return stem.replace("/", ".")


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Every node below, in no promised order; several times faster than `ast.walk`."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        if current.__class__ in LEAVES:
            continue
        for name in current._fields:
            value = getattr(current, name, None)
            if value.__class__ is list:
                pending += [item for item in value if isinstance(item, ast.AST)]
            elif name not in ("ctx", "op") and isinstance(value, ast.AST):
                pending.append(value)


def _collect(module: Module) -> None:
    kept: dict[type[ast.AST], list[Any]] = {
        ast.Call: module.calls,
        ast.FunctionDef: module.definitions,
        ast.AsyncFunctionDef: module.definitions,
        ast.ClassDef: module.definitions,
        ast.Assign: module.assignments,
        ast.AnnAssign: module.assignments,
        ast.Compare: module.comparisons,
        ast.AugAssign: module.additions,
    }
    for node in walk(module.tree):
        if node.__class__ in kept:
            kept[node.__class__].append(node)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            _import(module, node)
    module.calls.sort(key=lambda call: (call.lineno, call.col_offset))
    module.definitions.sort(key=lambda definition: definition.lineno)
    module.assignments.sort(key=lambda assignment: assignment.lineno)
    for assignment in module.assignments:
        _variable(module, assignment)
    module.guarded = frozenset(_guarded(module.tree))


def _import(module: Module, node: ast.Import | ast.ImportFrom) -> None:
    if isinstance(node, ast.Import):
        for alias in node.names:
            full = alias.name if alias.asname else alias.name.split(".")[0]
            module.names[alias.asname or full] = full
            module.imported.setdefault(alias.name, node.lineno)
        return
    base = absolute(module, node.level, node.module or "")
    module.imported.setdefault(base, node.lineno)
    for alias in node.names:
        if alias.name == "*":
            module.stars.append(base)
        else:
            full = f"{base}.{alias.name}" if base else alias.name
            module.names[alias.asname or alias.name] = full
            module.imported.setdefault(full, node.lineno)


def absolute(module: Module, level: int, name: str) -> str:
    """A relative import's full name; the file's own folder stands for one dot."""
    if level == 0:
        return name
    folder = posixpath.dirname(module.path)
    for _ in range(min(level - 1, CHAIN_LIMIT)):
        folder = posixpath.dirname(folder)
    return ".".join(part for part in (folder.replace("/", "."), name) if part)


def _variable(module: Module, node: ast.Assign | ast.AnnAssign) -> None:
    """`app = FastAPI()` lets `app.get` be read as FastAPI's."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if not isinstance(node.value, ast.Call):
        return
    made = dotted(node.value, module.names)
    for target in targets:
        if isinstance(target, ast.Name) and made and target.id not in module.names:
            module.names[target.id] = made


def dotted(node: ast.AST, names: Mapping[str, str]) -> str:
    parts: list[str] = []
    for _ in range(CHAIN_LIMIT):
        if isinstance(node, ast.Attribute):
            parts.append("." + node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            parts.append("()")
            node = node.func
        elif isinstance(node, ast.Name):
            return names.get(node.id, node.id) + "".join(reversed(parts))
        else:
            break
    return ""


def _guarded(tree: ast.Module) -> Iterator[int]:
    for node in tree.body:
        if isinstance(node, ast.If) and is_main_test(node.test):
            yield from (id(inner) for statement in node.body for inner in walk(statement))


def is_main_test(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((item.value for item in call.keywords if item.arg == name), None)


def argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    """A positional argument, or the keyword of that name."""
    found = call.args[position] if position < len(call.args) else None
    return found if found is not None and not isinstance(found, ast.Starred) else keyword(call, name)


def text_of(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def constants(node: ast.AST) -> Iterator[str]:
    """Every literal text inside a node."""
    for inner in walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value


def is_true(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True
