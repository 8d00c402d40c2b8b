"""The tree: one walk over a checked-out source, shared by all gatherers.

Paths are POSIX, relative to the root. Symbolic links are entries of unknown size and are never followed.
"""

from __future__ import annotations

import bisect
import codecs
import fnmatch
import functools
import itertools
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from analyzers import regexes as re

TEXT_LIMIT_BYTES = 2 * 1024 * 1024
ENTRY_LIMIT = 200_000
T = TypeVar("T")
Folder = str | os.PathLike[str]


class Entry(NamedTuple):
    """`size_bytes` is None where it cannot be known (a symbolic link, an unreadable file)."""

    path: str
    size_bytes: int | None
    symlink: bool = False

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]


class Tree:
    """`entries` are files and links, sorted by path. `vcs_bytes` is the size of `.git` at the root, None if
    unknown or absent."""

    def __init__(self, root: Folder, entries: Iterable[Entry], vcs_bytes: int | None = None) -> None:
        self.root = root
        self.entries = tuple(sorted(entries, key=lambda entry: entry.path))
        self.vcs_bytes = vcs_bytes
        self._by_path = {entry.path: entry for entry in self.entries}
        self._folder = os.fspath(root)
        self._paths = [entry.path for entry in self.entries]
        self._names = [entry.name.lower() for entry in self.entries]
        self._named: dict[tuple[str, ...], list[Entry]] = {}
        self._texts: dict[str, str | None] = {}
        self._shared: dict[Callable[..., object], Any] = {}

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds an entry, "" for the root."""
        found = {""}
        for entry in self.entries:
            folder = entry.path.rpartition("/")[0]
            while folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    def entry(self, path: str) -> Entry | None:
        return self._by_path.get(path)

    def is_file(self, path: str) -> bool:
        return path in self._by_path

    def is_dir(self, path: str) -> bool:
        return path.strip("/").removeprefix("./") in self.folders or path in (".", "./")

    def under(self, folder: str) -> Iterator[Entry]:
        """Entries at any depth below a folder ("" or "." for all)."""
        prefix = "" if folder in ("", ".") else folder.rstrip("/") + "/"
        start = bisect.bisect_left(self._paths, prefix)
        return itertools.takewhile(
            lambda entry: entry.path.startswith(prefix), itertools.islice(self.entries, start, None)
        )

    def named(self, *patterns: str) -> list[Entry]:
        """Entries whose base name matches a shell pattern, ignoring case."""
        if patterns not in self._named:
            match = _matcher(patterns)
            wanted = {name for name in set(self._names) if match(name)}
            found = zip(self._names, self.entries, strict=True)
            self._named[patterns] = [entry for name, entry in found if name in wanted] if wanted else []
        return list(self._named[patterns])

    def read_bytes(self, path: str, limit_bytes: int = TEXT_LIMIT_BYTES) -> bytes | None:
        """The file's first `limit_bytes`, None where it is absent, a link or unreadable."""
        entry = self._by_path.get(path)
        if entry is None or entry.symlink:
            return None
        try:
            descriptor = os.open(f"{self._folder}/{path}", os.O_RDONLY | os.O_NOFOLLOW | getattr(os, "O_NONBLOCK", 0))
            with os.fdopen(descriptor, "rb") as file:
                return file.read(limit_bytes)
        except OSError:
            return None

    def read_text(self, path: str) -> str | None:
        """As UTF-8 (BOM dropped), else Latin-1; line ends as they are; None as in `read_bytes`."""
        if path not in self._texts:
            data = self.read_bytes(path)
            self._texts[path] = None if data is None else decode(data)
        return self._texts[path]

    def share(self, read: Callable[[Tree], T]) -> T:
        """What `read` finds in this tree, read once."""
        if read not in self._shared:
            self._shared[read] = read(self)
        found: T = self._shared[read]
        return found


def per_tree(read: Callable[[Tree], T]) -> Callable[[Tree], T]:
    """A reader of the tree that works once per tree; all gatherers share what it returns and leave it unchanged."""

    @functools.wraps(read)
    def shared(tree: Tree) -> T:
        return tree.share(read)

    return shared


@functools.lru_cache(maxsize=256)
def _matcher(patterns: tuple[str, ...]) -> Callable[[str], object]:
    return re.compile("|".join(fnmatch.translate(pattern.lower()) for pattern in patterns)).match


def decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def walk(root: Folder) -> Tree:
    """Every file below root except `.git`, whose size is measured. Stops at ENTRY_LIMIT entries."""
    entries: list[Entry] = []
    for path, entry in _scan(root):
        entries.append(Entry(path, _size(entry), entry.is_symlink()))
        if len(entries) >= ENTRY_LIMIT:
            break
    return Tree(root, entries, vcs_size(root))


def of_paths(root: Folder, paths: Iterable[str]) -> Tree:
    """The tree of named files only (the tracked ones)."""
    entries = []
    for path in paths:
        try:
            found = os.lstat(os.path.join(root, path))
        except OSError:
            continue
        link = stat.S_ISLNK(found.st_mode)
        if link or stat.S_ISREG(found.st_mode):
            entries.append(Entry(path, None if link else found.st_size, link))
    return Tree(root, entries[:ENTRY_LIMIT], vcs_size(root))


def vcs_size(root: Folder) -> int | None:
    """Bytes under `.git`, None where there is no such folder."""
    git = os.path.join(root, ".git")
    if not os.path.isdir(git) or os.path.islink(git):
        return None
    return sum(_size(entry) or 0 for _, entry in _scan(git))


def _scan(root: Folder) -> Iterator[tuple[str, os.DirEntry[str]]]:
    pending = [("", os.fspath(root))]
    while pending:
        prefix, folder = pending.pop()
        try:
            children = list(os.scandir(folder))
        except OSError:
            continue
        for child in children:
            if child.is_dir(follow_symlinks=False):
                if prefix or child.name != ".git":
                    pending.append((f"{prefix}{child.name}/", child.path))
            elif child.is_symlink() or child.is_file(follow_symlinks=False):
                yield prefix + child.name, child


def _size(entry: os.DirEntry[str]) -> int | None:
    try:
        return None if entry.is_symlink() else entry.stat(follow_symlinks=False).st_size
    except OSError:
        return None
