"""Writing a source's files into a private folder: regular files only, counted byte by byte."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from analyzers.intake.limits import MIB, Limits
from analyzers.intake.names import is_vcs, safe_path, shown
from analyzers.source import SourceError
from analyzers.tree import Entry, Tree


class TreeWriter:
    """Collects a Tree below `root`, which must be empty and private. Links are entries but are never created."""

    def __init__(self, root: Path, limits: Limits) -> None:
        self.root = root
        self.limits = limits
        self.skipped: list[str] = []
        self._entries: dict[str, Entry] = {}
        self._folded: dict[str, str] = {}
        self._folders: set[str] = set()
        self._bytes = 0
        self._vcs_bytes: int | None = None

    def add_file(self, name: str, chunks: Iterable[bytes]) -> None:
        """Raises SourceError when the name or a limit refuses it."""
        path = safe_path(name, self.limits)
        if is_vcs(path):
            self._vcs_bytes = (self._vcs_bytes or 0) + self._drain(chunks)
            return
        self._claim(path)
        full = self.root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(full, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            size = sum(file.write(chunk) for chunk in self._counted(path, chunks))
        self._entries[path] = Entry(path, size)

    def add_folder(self, name: str) -> None:
        path = safe_path(name, self.limits)
        if path and not is_vcs(path):
            self._claim_folders(path + "/x")

    def add_link(self, name: str) -> None:
        """A symbolic or hard link, a device or the like: known to be there, of unknown size, never made."""
        path = safe_path(name, self.limits)
        if is_vcs(path):
            return
        self._claim(path)
        self._entries[path] = Entry(path, None, symlink=True)

    def skip(self, name: str, why: str) -> None:
        self.skipped.append(f"{shown(name)}: {why}")

    def tree(self, *, unwrap: bool = True) -> Tree:
        """What was written. With `unwrap`, a folder that holds everything (as in release archives) is the root."""
        top = self._wrapping_folder() if unwrap else ""
        if not top:
            return Tree(self.root, self._entries.values(), self._vcs_bytes)
        cut = len(top) + 1
        inner = [Entry(e.path[cut:], e.size_bytes, e.symlink) for e in self._entries.values()]
        return Tree(self.root / top, inner, self._vcs_bytes)

    def _wrapping_folder(self) -> str:
        tops = {path.split("/", 1)[0] if "/" in path else "" for path in self._entries}
        return tops.pop() if len(tops) == 1 else ""

    def _claim(self, path: str) -> None:
        if not path:
            raise SourceError("refused: an entry has no name; pack the project again")
        if len(self._entries) >= self.limits.files:
            raise SourceError(f"refused: more than {self.limits.files:,} files; leave generated folders out")
        self._claim_folders(path)
        other = self._folded.setdefault(path.casefold(), path)
        if other != path or path in self._entries or path in self._folders:
            raise SourceError(
                f"refused: {shown(path)!r} is there twice (as {shown(other)!r}); names must differ by more than case"
            )

    def _claim_folders(self, path: str) -> None:
        parts = path.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            folder = "/".join(parts[:depth])
            if folder in self._folders:
                continue
            if self._folded.setdefault(folder.casefold(), folder) != folder or folder in self._entries:
                raise SourceError(f"refused: {shown(folder)!r} is there twice; names must differ by more than case")
            self._folders.add(folder)
            if len(self._folders) > self.limits.files:
                raise SourceError(f"refused: more than {self.limits.files:,} folders")

    def _drain(self, chunks: Iterable[bytes]) -> int:
        return sum(len(chunk) for chunk in self._counted(".git", chunks))

    def _counted(self, path: str, chunks: Iterable[bytes]) -> Iterable[bytes]:
        size = 0
        for chunk in chunks:
            size += len(chunk)
            self._bytes += len(chunk)
            if size > self.limits.file_bytes:
                raise SourceError(f"refused: {shown(path)!r} is larger than {self.limits.file_bytes // MIB} MiB")
            if self._bytes > self.limits.extracted_bytes:
                raise SourceError(f"refused: more than {self.limits.extracted_bytes // MIB} MiB unpacked")
            yield chunk
