"""Which names a source may hold. A name that passes is safe to join to a private folder on any file system."""

from __future__ import annotations

import unicodedata

from analyzers import regexes as re
from analyzers.intake.limits import Limits
from analyzers.source import SourceError

_BIDI = "\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c"
_FORBIDDEN = re.compile(f"[\x00-\x1f\x7f-\x9f{_BIDI}\\\\]")
_DRIVE = re.compile(r"[A-Za-z]:")


def safe_path(name: str, limits: Limits) -> str:
    """The name as a relative POSIX path, "" for the root itself. Raises SourceError for a name that is refused."""
    path = name.rstrip("/")
    while path.startswith("./"):
        path = path[2:].lstrip("/")
    if path in ("", ".") and name.strip("./") == "" and ".." not in name and not name.startswith("/"):
        return ""
    _refuse_hostile(path, name)
    parts = path.split("/")
    _refuse_long(path, parts, name, limits)
    return path


def is_vcs(path: str) -> bool:
    """A `.git` at any depth, in any spelling that a case-folding file system would take for it."""
    return any(part.casefold().rstrip(". ") in (".git", "git~1") for part in path.split("/"))


def shown(name: str) -> str:
    """A hostile name made fit for a message."""
    clean = "".join(c if c.isprintable() and not unicodedata.category(c).startswith("C") else "?" for c in name[:80])
    return f"{clean}…" if len(name) > 80 else clean


def _refuse_hostile(path: str, name: str) -> None:
    if _FORBIDDEN.search(path):
        raise SourceError(
            f"refused: the name {shown(name)!r} has a backslash, control or direction character; rename it"
        )
    if path.startswith("/") or _DRIVE.match(path):
        raise SourceError(f"refused: the name {shown(name)!r} is absolute; pack the project by relative names")
    if any(part in ("", ".", "..") for part in path.split("/")):
        raise SourceError(
            f"refused: the name {shown(name)!r} leaves its folder; pack the project by plain relative names"
        )
    if any(part != part.rstrip(" .") for part in path.split("/")):
        raise SourceError(f"refused: the name {shown(name)!r} has a part that ends in a blank or dot; rename it")
    try:
        path.encode()
    except UnicodeEncodeError:
        raise SourceError(f"refused: the name {shown(name)!r} is not UTF-8; rename it") from None
    if not unicodedata.is_normalized("NFC", path):
        raise SourceError(f"refused: the name {shown(name)!r} is not in Unicode's composed form (NFC); rename it")


def _refuse_long(path: str, parts: list[str], name: str, limits: Limits) -> None:
    if len(path.encode()) > limits.path_bytes:
        raise SourceError(f"refused: the path {shown(name)!r} is longer than {limits.path_bytes} bytes")
    if any(len(part.encode()) > limits.component_bytes for part in parts):
        raise SourceError(f"refused: a part of {shown(name)!r} is longer than {limits.component_bytes} bytes")
    if len(parts) > limits.depth:
        raise SourceError(f"refused: {shown(name)!r} is deeper than {limits.depth} folders")
