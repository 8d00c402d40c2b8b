"""The standard library's `re`, but a pattern is compiled when it is first used.

Some two hundred patterns stand at the top of modules, and an audit of a small repository uses a third of them.
"""

from __future__ import annotations

import re
from re import (
    ASCII,
    DOTALL,
    IGNORECASE,
    MULTILINE,
    VERBOSE,
    I,
    M,
    Match,
    Pattern,
    escape,
    findall,
    fullmatch,
    match,
    search,
    split,
    sub,
)
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import compile
else:

    def compile(pattern: str, flags: int = 0) -> _Lazy:
        return _Lazy(pattern, flags)


class _Lazy:
    def __init__(self, pattern: str, flags: int) -> None:
        self._source = pattern, flags

    def __getattr__(self, name: str) -> Any:
        """A method of the compiled pattern, kept so that the next use finds it at once."""
        value = getattr(re.compile(*self._source), name)
        setattr(self, name, value)
        return value


__all__ = [
    "ASCII",
    "DOTALL",
    "IGNORECASE",
    "MULTILINE",
    "VERBOSE",
    "I",
    "M",
    "Match",
    "Pattern",
    "compile",
    "escape",
    "findall",
    "fullmatch",
    "match",
    "search",
    "split",
    "sub",
]
