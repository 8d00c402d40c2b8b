"""Folder and file patterns of update bots: `*` inside a part, `**` over parts."""

from __future__ import annotations

import fnmatch

PART_LIMIT = 64


def matches(pattern: str, path: str) -> bool:
    """Both without leading and trailing slashes; "" is the root. Parts × pattern parts steps, whatever the pattern."""
    wanted, parts = _parts(pattern), _parts(path)
    if max(len(wanted), len(parts)) > PART_LIMIT:
        return False
    reached = {0}
    for want in wanted:
        reached = _step(want, parts, reached)
    return len(parts) in reached


def _parts(text: str) -> list[str]:
    return [part for part in text.strip("/").split("/") if part not in ("", ".")]


def _step(want: str, parts: list[str], reached: set[int]) -> set[int]:
    """Positions in `parts` after one more part of the pattern."""
    if want == "**":
        return set(range(min(reached, default=len(parts) + 1), len(parts) + 1))
    return {index + 1 for index in reached if index < len(parts) and fnmatch.fnmatchcase(parts[index], want)}
