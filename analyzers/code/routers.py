"""Routers, blueprints and applications, and the prefixes under which one is mounted in another."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from analyzers.code.handlers import Touches, is_protected
from analyzers.code.module import Module, argument, keyword, text_of
from analyzers.code.project import Project
from analyzers.records import dataclass

PREFIX_LIMIT = 8
DEPTH_LIMIT = 10
# Constructor (last name) → the argument that holds its own prefix.
CONSTRUCTORS = {
    "APIRouter": "prefix",
    "Blueprint": "url_prefix",
    "APIBlueprint": "url_prefix",
    "Namespace": "path",
    "Router": "path",
    "RouteTableDef": "",
    "LegacyRouter": "prefix",
}
MOUNTS = {
    "include_router": ("prefix", "add"),
    "register_blueprint": ("url_prefix", "replace"),
    "register_api": ("url_prefix", "replace"),
    "blueprint": ("url_prefix", "replace"),
    "add_router": ("prefix", "add"),
    "add_namespace": ("path", "replace"),
    "mount": ("path", "add"),
}
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Mount:
    """`parent` is None for a prefix from outside (a Django path). `replaces`: the child's own prefix does not count."""

    parent: Key | None
    prefix: str
    replaces: bool
    protected: bool


class Routers:
    """All routers of a project by (file, variable)."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.touches = Touches(project)
        self._own: dict[Key, str] = {}
        self._guarded: set[Key] = set()
        self._mounts: defaultdict[Key, list[Mount]] = defaultdict(list)

    def collect(self, module: Module) -> None:
        for node in module.assignments:
            self._constructed(module, node)
        for call in module.calls:
            self._mounted(module, call)

    def _constructed(self, module: Module, node: ast.Assign | ast.AnnAssign) -> None:
        call = node.value
        if not isinstance(call, ast.Call):
            return
        name = module.resolve(call.func).rpartition(".")[2]
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name):
                key = (module.path, target.id)
                if name in CONSTRUCTORS:
                    self._own[key] = self.text(module, keyword(call, CONSTRUCTORS[name]))
                if is_protected(module, None, [keyword(call, "dependencies"), keyword(call, "auth")]):
                    self._guarded.add(key)

    def _mounted(self, module: Module, call: ast.Call) -> None:
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in MOUNTS:
            return
        option, how = MOUNTS[call.func.attr]
        path_first = call.func.attr in ("mount", "add_router")
        child = argument(call, 1 if path_first else 0, "router")
        prefix = keyword(call, option) or (argument(call, 0, option) if path_first else None)
        key = self.key(module, child)
        if key is not None:
            text = self.text(module, prefix)
            guarded = is_protected(module, None, [keyword(call, "dependencies"), keyword(call, "auth")])
            parent = self.key(module, call.func.value)
            self._mounts[key].append(Mount(parent, text, how == "replace" and bool(text), guarded))

    def mount_outside(self, key: Key, prefix: str) -> None:
        self._mounts[key].append(Mount(None, prefix, False, False))

    def key(self, module: Module, node: ast.expr | None) -> Key | None:
        """Which router an expression means: a variable here, or one imported from another file."""
        if isinstance(node, ast.Name) and (node.id not in module.names or "()" in module.names[node.id]):
            return module.path, node.id
        located = self.project.locate(module, module.resolve(node)) if node is not None else None
        if located is not None:
            return located[0].path, located[1].partition(".")[0]
        if isinstance(node, ast.Attribute):
            return module.path, module.resolve(node).rpartition(".")[2]
        return None

    def text(self, module: Module, node: ast.expr | None) -> str:
        """A literal prefix; a name is followed, what stays unknown is written {NAME}."""
        if node is None:
            return ""
        if isinstance(node, ast.Constant):
            return text_of(node) or ""
        if isinstance(node, ast.JoinedStr):
            return "".join(self.text(module, part) for part in node.values[:20])
        if isinstance(node, ast.FormattedValue):
            return self.text(module, node.value)
        if isinstance(node, ast.Call) and node.args and text_of(node.args[0]) is not None:
            return text_of(node.args[0]) or ""
        if isinstance(node, ast.Name) and text_of(module.variable(node.id)) is not None:
            return text_of(module.variable(node.id)) or ""
        return self._constant(module, node)

    def _constant(self, module: Module, node: ast.expr) -> str:
        """`settings.API_V1_STR`: the text that a class or module gives that name."""
        name = module.resolve(node)
        last = name.rpartition(".")[2]
        located = self.project.locate(module, name)
        owner = located[0] if located is not None else module
        value = owner.assigned(last)
        if value is not None:
            return text_of(value) or "{" + last + "}"
        return "{" + last + "}" if last else ""

    def prefixes(self, key: Key | None, depth: int = 0) -> list[tuple[str, bool]]:
        """(prefix, protected) for every way in which a router is mounted."""
        if key is None or depth > DEPTH_LIMIT:
            return [("", False)]
        own, guarded = self._own.get(key, ""), key in self._guarded
        found = list(self._mounted_prefixes(key, own, depth))
        return [(prefix, guarded or inner) for prefix, inner in found[:PREFIX_LIMIT]] or [(own, guarded)]

    def _mounted_prefixes(self, key: Key, own: str, depth: int) -> Iterator[tuple[str, bool]]:
        for mount in self._mounts.get(key, [])[:PREFIX_LIMIT]:
            if mount.parent == key:
                continue
            for prefix, guarded in self.prefixes(mount.parent, depth + 1):
                text = prefix + mount.prefix if mount.replaces else prefix + mount.prefix + own
                yield text, guarded or mount.protected
