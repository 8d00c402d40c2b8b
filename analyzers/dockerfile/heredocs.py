"""Which here-documents an instruction line opens, by BuildKit's rules (its lexer runs over the raw line).

A word opens one where it is `<<NAME` or `<<-NAME`, digits before it allowed; `<<<` does not. A line that the lexer
cannot read (an open quote, a bad `${`) opens none.
"""

from __future__ import annotations

from analyzers import regexes as re
from analyzers.dockerfile.words import SPACE
from analyzers.records import dataclass

_OPENER = re.compile(r"\d*<<(-?)([\t\n\f\r ]*)([^<]+)")
_NAME = re.compile(r"\w*")
_PLAIN = re.compile(r"[^\s'\"\\$<]+")
_BLANKS_AFTER_OPENER = re.compile(r"[\t\r ]*")
_SPACE_SET = frozenset(SPACE)
_MODIFIERS = "+-?#%/"


class _Unreadable(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Opener:
    """`name` is the terminator with quotes removed; a quoted name means that the body is not expanded.

    `spaced`: blanks stand before the name. Builders up to 0.12 take that for no here-document, and `$((1 << 3))` too.
    """

    name: str
    expand: bool
    chomp: bool
    spaced: bool = False


def openers(line: str) -> list[Opener]:
    """The here-documents that a whole instruction line opens, in the order of their bodies."""
    try:
        return [opener for word in _raw_words(line) if "<<" in word and (opener := _opener(word))]
    except _Unreadable:
        return []


def _opener(word: str) -> Opener | None:
    match = _OPENER.fullmatch(word)
    if match is None:
        return None
    chomp, blanks, raw = match.groups()
    name, quoted = _unquote(raw)
    if not name or (not quoted and any(character in _SPACE_SET for character in name)):
        return None
    return Opener(name, not quoted, chomp == "-", bool(blanks))


def _unquote(raw: str) -> tuple[str, bool]:
    """The name without its quotes and escapes, and whether any quote was removed."""
    pieces: list[str] = []
    quote, quoted, position = "", False, 0
    while position < len(raw):
        character = raw[position]
        if character == "\\" and quote != "'":
            position += 1
            pieces.append(raw[position : position + 1])
        elif character in "'\"" and quote in ("", character):
            quote, quoted = ("" if quote else character), True
        else:
            pieces.append(character)
        position += 1
    return "".join(pieces), quoted


def _raw_words(line: str) -> list[str]:
    """The line's words with quotes, escapes and variables as written. Raises _Unreadable."""
    words: list[str] = []
    pieces: list[str] = []
    position = 0
    while position < len(line):
        if line[position] in _SPACE_SET:
            if pieces:
                words.append("".join(pieces))
                pieces = []
            position += 1
            continue
        end = _piece_end(line, position)
        pieces.append(line[position:end])
        position = end
    return [*words, "".join(pieces)] if pieces else words


def _piece_end(line: str, start: int) -> int:
    """Where the quoted string, escape, variable, opener or plain run that starts here ends."""
    run = _PLAIN.match(line, start)
    if run:
        return run.end()
    character = line[start]
    if character == "'":
        return _find(line, "'", start + 1) + 1
    if character == '"':
        return _double_quoted_end(line, start)
    if character == "$":
        return _variable_end(line, start)
    if character == "\\":
        return min(start + 2, len(line))
    if line.startswith("<<", start):
        blanks = _BLANKS_AFTER_OPENER.match(line, start + 2)
        return blanks.end() if blanks else start + 2
    return start + 1


def _double_quoted_end(line: str, start: int) -> int:
    position = start + 1
    while position < len(line) and line[position] != '"':
        if line[position] == "\\":
            position += 2
        elif line[position] == "$":
            position = _variable_end(line, position)
        else:
            position += 1
    if position >= len(line):
        raise _Unreadable
    return position + 1


def _variable_end(line: str, start: int) -> int:
    """Behind `$NAME` or `${NAME…}`; braces inside nest only as far as a default value quotes or opens its own."""
    if not line.startswith("${", start):
        return _name_end(line, start + 1)
    position = _name_end(line, start + 2)
    if line.startswith("}", position):
        if position == start + 2:
            raise _Unreadable
        return position + 1
    if position == start + 2 or line[position : position + 1] not in (*_MODIFIERS, ":"):
        raise _Unreadable
    return _closing_brace(line, position + 1)


def _closing_brace(line: str, position: int) -> int:
    depth = 1
    while position < len(line):
        character = line[position]
        if character == "}":
            depth -= 1
            if not depth:
                return position + 1
        elif line.startswith("${", position):
            depth += 1
            position += 1
        elif character == "\\":
            position += 1
        elif character == "'":
            position = _find(line, "'", position + 1)
        position += 1
    raise _Unreadable


def _name_end(line: str, start: int) -> int:
    if start < len(line) and line[start] in "@*#?-$!0":
        return start + 1
    match = _NAME.match(line, start)
    return match.end() if match else start


def _find(line: str, character: str, start: int) -> int:
    found = line.find(character, start)
    if found < 0:
        raise _Unreadable
    return found
