"""The Python files of a target: which module name stands for which file, each parsed at most once."""

from __future__ import annotations

import posixpath
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator

from analyzers import regexes as re
from analyzers.code.module import Module, UnreadableModule, parse
from analyzers.tree import Tree

FILE_LIMIT = 5_000
FILE_LIMIT_BYTES = 512 * 1024
READ_LIMIT_BYTES = 64 * 1024 * 1024
PARSED_LIMIT_BYTES = 8 * 1024 * 1024
REEXPORT_DEPTH = 5
TEST_PATH = re.compile(
    r"(?:^|/)(?:tests?|testing|unit_?tests?|integration_?tests?|e2e|conftest\.py|test_[^/]*|[^/]*_tests?\.py|tests\.py"
    r"|fixtures|examples|docs|doc_src|benchmarks?)(?:/|$)"
)


class Project:
    """`paths` are repository paths of Python files; what lies below a test folder is marked, not read."""

    def __init__(self, tree: Tree, paths: Iterable[str]) -> None:
        self.tree = tree
        self.paths = tuple(paths)[:FILE_LIMIT]
        self.unread: list[tuple[str, str]] = []
        self._known = frozenset(self.paths)
        self._modules: dict[str, Module | None] = {}
        self._data: dict[str, bytes] = {}
        self._read_bytes = 0
        self._parsed_bytes = 0
        self._by_tail: defaultdict[str, list[str]] = defaultdict(list)
        for path in self.paths:
            for tail in _tails(path):
                self._by_tail[tail].append(path)
        self._parts = {part for path in self.paths for part in path.removesuffix(".py").split("/")}
        self._places: dict[str, list[tuple[str, str]]] = {}
        self._found: dict[tuple[str, str], tuple[str, str] | None] = {}

    def __contains__(self, path: str) -> bool:
        return path in self._known

    def sources(self) -> list[str]:
        """Files that are not tests."""
        return [path for path in self.paths if not is_test(path)]

    def data(self, path: str) -> bytes:
        """The file's bytes, b"" where it cannot be read or is too large."""
        if path not in self._data:
            self._data[path] = self._read(path)
        return self._data[path]

    def _read(self, path: str) -> bytes:
        if self._read_bytes > READ_LIMIT_BYTES:
            self.unread.append((path, "more Python code than is read at once"))
            return b""
        read = self.tree.read_bytes(path, FILE_LIMIT_BYTES + 1) or b""
        self._read_bytes += len(read)
        if len(read) > FILE_LIMIT_BYTES:
            self.unread.append((path, f"larger than {FILE_LIMIT_BYTES // 1024} KiB"))
            return b""
        return read

    def text(self, path: str) -> str:
        return self.data(path).decode("utf-8", "replace").removeprefix("\ufeff")

    def module(self, path: str) -> Module | None:
        if path not in self._modules:
            self._modules[path] = self._parse(path)
        return self._modules[path]

    def _parse(self, path: str) -> Module | None:
        if path not in self._known:
            return None
        self._parsed_bytes += len(self.data(path))
        if self._parsed_bytes > PARSED_LIMIT_BYTES:
            self.unread.append((path, "more Python code than is read at once"))
            return None
        try:
            return parse(path, self.text(path))
        except UnreadableModule as error:
            self.unread.append((path, str(error)))
            return None

    def find(self, name: str, near: str = "") -> tuple[str, str] | None:
        """The file of the longest prefix of a dotted name that is a module here, and the rest of the name."""
        key = name, near.rpartition("/")[0] + "/" if near else ""
        if key not in self._found:
            self._found[key] = self._find(*key)
        return self._found[key]

    def _find(self, name: str, near: str) -> tuple[str, str] | None:
        parts = name.split(".")[:20]
        if parts[0] not in self._parts or (parts[0] in sys.stdlib_module_names and len(parts) < 3):
            return None
        for length in range(len(parts), 0, -1):
            path = self._path_of(parts[:length], near)
            if path is not None:
                return path, ".".join(parts[length:])
        return None

    def _path_of(self, parts: list[str], near: str) -> str | None:
        tail = "/".join(parts)
        if tail not in self._places:
            self._places[tail] = list(self._named(tail))
        found = [path for path, inside in self._places[tail] if not near or near.startswith(inside)]
        if len(found) < 2:
            return found[0] if found else None
        return max(found, key=lambda path: len(posixpath.commonprefix([path, near])))

    def _named(self, tail: str) -> Iterator[tuple[str, str]]:
        """Files that `tail` names, each from some folder. Where that is a package itself, only files in it may mean
        it so: the folder is given too, else ""."""
        for path in self._by_tail.get("/".join(tail.split("/")[-2:]), ()):
            stem = path.removesuffix(".py").removesuffix("/__init__")
            root = stem.removesuffix("/" + tail)
            if stem == tail:
                yield path, ""
            elif root != stem:
                yield path, f"{root}/" if f"{root}/__init__.py" in self._known else ""

    def locate(self, module: Module, name: str) -> tuple[Module, str] | None:
        """The module and local name behind a dotted name, through re-exports; None outside this project."""
        for _ in range(REEXPORT_DEPTH):
            found = self.find(name, module.path)
            if found is None or not found[1]:
                return None
            target = self.module(found[0])
            if target is None:
                return None
            first, _, rest = found[1].partition(".")
            passed_on = target.names.get(first, "")
            if not passed_on or "()" in passed_on or (target is module and passed_on == name):
                return target, found[1]
            module, name = target, f"{passed_on}.{rest}" if rest else passed_on
        return None


def is_test(path: str) -> bool:
    return TEST_PATH.search(path) is not None


def _tails(path: str) -> set[str]:
    """The last part, and the last two, of the name that a file has as a module."""
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    return {parts[-1], "/".join(parts[-2:])}
