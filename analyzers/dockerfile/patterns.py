"""Shell patterns in `${X#p}`, `${X%p}` and `${X/p/r}`: literals, stars and escapes, found without backtracking.

Between two stars the nearest place of a fixed part is as good as any later one, so one search per part decides.
"""

from __future__ import annotations


class UnsupportedPattern(Exception):
    """The pattern holds `?`, which this reader leaves alone."""


def without_prefix(value: str, pattern: str, longest: bool) -> str:
    end = _match_end(value, 0, _parts(pattern), longest)
    return value if end is None else value[end:]


def without_suffix(value: str, pattern: str, longest: bool) -> str:
    """Matched over the reversed text, where the shortest or longest suffix comes first."""
    parts = [part[::-1] for part in reversed(_parts(pattern))]
    end = _match_end(value[::-1], 0, parts, longest)
    return value if end is None else value[: len(value) - end]


def replaced(value: str, pattern: str, replacement: str, everywhere: bool) -> str:
    """The longest match at the first place (every place for `${X//p/r}`) replaced."""
    parts = _parts(pattern)
    if parts in ([""], ["", ""]):
        return replacement if len(parts) == 2 else value
    if len(parts) == 1:
        return value.replace(parts[0], replacement, -1 if everywhere else 1)
    start = value.find(parts[0])
    end = None if start < 0 else _match_end(value, start, parts, longest=True)
    return value if end is None else value[:start] + replacement + value[end:]


def _parts(pattern: str) -> list[str]:
    """The fixed parts around the stars: "a*b" is ["a", "b"], "*" is ["", ""]."""
    parts: list[list[str]] = [[]]
    escaped = False
    for character in pattern:
        if escaped or character not in "*?\\":
            parts[-1].append(character)
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == "?":
            raise UnsupportedPattern
        else:
            parts.append([])
    return ["".join(part) for part in parts]


def _match_end(value: str, start: int, parts: list[str], longest: bool) -> int | None:
    first, *rest = parts
    if not value.startswith(first, start):
        return None
    position = start + len(first)
    if not rest:
        return position
    *middle, last = rest
    for part in middle:
        found = value.find(part, position)
        if found < 0:
            return None
        position = found + len(part)
    found = value.rfind(last, position) if longest else value.find(last, position)
    return None if found < 0 else found + len(last)
