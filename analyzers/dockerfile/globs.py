"""Path patterns of .dockerignore, COPY --exclude (`**` spans folders) and COPY (Go's filepath.Match), in linear time.

A pattern becomes a regular expression only in forms that cannot backtrack at length: a star is bounded by its folder,
and all but the last of a run are atomic. Every other form is run as an automaton, one pass over the path.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, auto

from analyzers import regexes as re
from analyzers.records import dataclass

LENGTH_LIMIT_CHARACTERS = 1_024
Matcher = Callable[[str], bool]
Accept = Callable[[str], re.Match[str] | None]


class PatternError(Exception):
    """The pattern's syntax is refused by Docker, or it is longer than the limit."""


class Kind(Enum):
    ONE = auto()  # a literal, `?` or a class: exactly one character
    STAR = auto()  # any characters but a slash
    FOLDERS = auto()  # nothing, or anything that ends in a slash
    REST = auto()  # anything


@dataclass(frozen=True, slots=True)
class Token:
    """`regex` matches it; `slash` where a class can match a slash, as Go's can."""

    kind: Kind
    regex: str
    literal: str = ""
    slash: bool = False


_STAR = Token(Kind.STAR, "[^/]*")
_FOLDERS = Token(Kind.FOLDERS, "(?:[^/]*/)*")
_REST = Token(Kind.REST, ".*")


def tokens(pattern: str, spanning: bool) -> list[Token]:
    """The pattern's parts; `spanning`: `**` is known. Raises PatternError."""
    if len(pattern) > LENGTH_LIMIT_CHARACTERS:
        raise PatternError(f"the pattern is over the limit of {LENGTH_LIMIT_CHARACTERS} characters")
    found: list[Token] = []
    position = 0
    while position < len(pattern):
        token, position = _token(pattern, position, spanning)
        found.append(token)
    return found


def _token(pattern: str, position: int, spanning: bool) -> tuple[Token, int]:
    character = pattern[position]
    if character == "*":
        return _stars(pattern, position, spanning)
    if character == "?":
        return Token(Kind.ONE, "[^/]"), position + 1
    if character == "[":
        return _class(pattern, position)
    if character == "\\":
        position += 1
        if position == len(pattern):
            raise PatternError("the pattern ends in a backslash")
        character = pattern[position]
    return Token(Kind.ONE, re.escape(character), character), position + 1


def _stars(pattern: str, position: int, spanning: bool) -> tuple[Token, int]:
    if not spanning or not pattern.startswith("**", position):
        return _STAR, position + 1
    position += 3 if pattern.startswith("/", position + 2) else 2
    return (_REST if position == len(pattern) else _FOLDERS), position


def _class(pattern: str, start: int) -> tuple[Token, int]:
    """`[a-z]`, `[^…]`; Go refuses an empty one and a bare `-` or `]` as a member."""
    position = start + 1
    negated = pattern.startswith("^", position)
    position += negated
    members: list[str] = []
    slash = False
    while not (members and pattern.startswith("]", position)):
        low, position = _member(pattern, position)
        high = low
        if pattern.startswith("-", position):
            high, position = _member(pattern, position + 1)
        if low > high:
            raise PatternError("a class in the pattern has a reversed range")
        members.append(f"{re.escape(low)}-{re.escape(high)}")
        slash = slash or low <= "/" <= high
    regex = f"[{'^' if negated else ''}{''.join(members)}]"
    return Token(Kind.ONE, regex, slash=slash != negated), position + 1


def _member(pattern: str, position: int) -> tuple[str, int]:
    if pattern.startswith("\\", position):
        position += 1
    elif pattern[position : position + 1] in ("-", "]"):
        raise PatternError("a class in the pattern is malformed")
    if position >= len(pattern):
        raise PatternError("a class in the pattern is not closed")
    return pattern[position], position + 1


def literal(found: list[Token]) -> str | None:
    """The only path that matches, None where several can."""
    return "".join(token.literal for token in found) if all(token.literal for token in found) else None


def regex_of(found: list[Token]) -> str | None:
    """A regular expression for the whole path that cannot backtrack at length, None where there is no such form."""
    spans = [token for token in found if token.kind is not Kind.ONE]
    if len(spans) <= 1:
        return "".join(token.regex for token in found)
    if any(token.slash for token in found) or not _folders_are_whole(found):
        return None
    *middle, last = _split(found, Kind.FOLDERS)
    first = _folder_regex(middle[0]) if middle else ""
    nearest = "".join(f"(?>(?:[^/]*/)*?{_folder_regex(part)})" for part in middle[1:])
    return first + nearest + (_FOLDERS.regex if middle else "") + _folder_regex(last)


def _folders_are_whole(found: list[Token]) -> bool:
    """Every `**/` starts the path or follows a slash, so that it spans whole folders."""
    return all(
        token.kind is not Kind.FOLDERS or index == 0 or found[index - 1].literal == "/" or found[index - 1] is _FOLDERS
        for index, token in enumerate(found)
    )


def _split(found: list[Token], kind: Kind) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in found:
        if token.kind is kind:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _folder_regex(part: list[Token]) -> str:
    """Parts without `**/`; inside one folder each star but the last takes the nearest place of what follows it."""
    pieces: list[list[Token]] = [[]]
    for token in part:
        pieces[-1].append(token)
        if token.literal == "/":
            pieces.append([])
    return "".join(map(_name_regex, pieces))


def _name_regex(name: list[Token]) -> str:
    fixed = ["".join(token.regex for token in piece) for piece in _split(name, Kind.STAR)]
    if len(fixed) == 1:
        return fixed[0]
    first, *middle, last = fixed
    return first + "".join(f"(?>[^/]*?{piece})" for piece in middle) + f"[^/]*{last}"


def automaton(found: list[Token]) -> Matcher:
    """Matches by keeping the set of tokens that may come next, one step for each character of the path."""
    accept: list[Accept | None] = [
        re.compile(token.regex, re.DOTALL).fullmatch if token.kind is Kind.ONE else None for token in found
    ]

    def skips(states: set[int]) -> set[int]:
        reached = set(states)
        for state in sorted(states):
            while 0 <= state < len(found) and found[state].kind is not Kind.ONE:
                state += 1
                reached.add(state)
        return reached

    def matches(path: str) -> bool:
        states = skips({0})
        for character in path:
            following: set[int] = set()
            for state in states:
                following.update(_after(found, accept, state, character))
            states = skips(following)
            if not states:
                return False
        return len(found) in states

    return matches


def _after(found: list[Token], accept: Sequence[Accept | None], state: int, character: str) -> tuple[int, ...]:
    """The states behind one character; a folder span can be left only behind a slash, so it has a state of its own."""
    inside = -state - 1
    if state < 0:
        return (state, inside + 1) if character == "/" else (state,)
    if state == len(found):
        return ()
    kind, one = found[state].kind, accept[state]
    if one is not None:
        return (state + 1,) if one(character) else ()
    if kind is Kind.STAR:
        return (state,) if character != "/" else ()
    if kind is Kind.REST:
        return (state,)
    return (inside, state + 1) if character == "/" else (inside,)
