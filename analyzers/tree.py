"""The tree: one walk over a checked-out source, shared by all gatherers.

Paths are POSIX, relative to the root. Symbolic links are entries of unknown size and are never followed.
"""

from __future__ import annotations

import codecs
import fnmatch
import functools
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

TEXT_LIMIT_BYTES = 2 * 1024 * 1024
ENTRY_LIMIT = 200_000


@dataclass(frozen=True, slots=True)
class Entry:
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

    def __init__(self, root: Path, entries: Iterable[Entry], vcs_bytes: int | None = None) -> None:
        self.root = root
        self.entries = tuple(sorted(entries, key=lambda entry: entry.path))
        self.vcs_bytes = vcs_bytes
        self._by_path = {entry.path: entry for entry in self.entries}
        self._texts: dict[str, str | None] = {}

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
        return (entry for entry in self.entries if entry.path.startswith(prefix))

    def named(self, *patterns: str) -> list[Entry]:
        """Entries whose base name matches a shell pattern, ignoring case."""
        match = _matcher(patterns)
        return [entry for entry in self.entries if match(entry.name.lower())]

    def read_bytes(self, path: str, limit_bytes: int = TEXT_LIMIT_BYTES) -> bytes | None:
        """The file's first `limit_bytes`, None where it is absent, a link or unreadable."""
        entry = self._by_path.get(path)
        if entry is None or entry.symlink:
            return None
        try:
            descriptor = os.open(self.root / path, os.O_RDONLY | os.O_NOFOLLOW | getattr(os, "O_NONBLOCK", 0))
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


def walk(root: Path) -> Tree:
    """Every file below root except `.git`, whose size is measured. Stops at ENTRY_LIMIT entries."""
    entries: list[Entry] = []
    for path, entry in _scan(root):
        entries.append(Entry(path, _size(entry), entry.is_symlink()))
        if len(entries) >= ENTRY_LIMIT:
            break
    return Tree(root, entries, vcs_size(root))


def of_paths(root: Path, paths: Iterable[str]) -> Tree:
    """The tree of named files only (the tracked ones)."""
    entries = []
    for path in paths:
        full = root / path
        try:
            stat = full.lstat()
        except OSError:
            continue
        link = full.is_symlink()
        if link or full.is_file():
            entries.append(Entry(path, None if link else stat.st_size, link))
    return Tree(root, entries[:ENTRY_LIMIT], vcs_size(root))


def vcs_size(root: Path) -> int | None:
    """Bytes under `.git`, None where there is no such folder."""
    git = root / ".git"
    if not git.is_dir() or git.is_symlink():
        return None
    return sum(_size(entry) or 0 for _, entry in _scan(git))


def _scan(root: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
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
