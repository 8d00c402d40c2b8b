"""Reading one shell word: quotes, escapes, variables, substitutions. Every character is looked at once per nesting."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from analyzers import regexes as re
from analyzers.dockerfile.shell_syntax import Block, Part, Substitution, Text, Variable, Word
from analyzers.dockerfile.syntax import Heredoc
from analyzers.records import dataclass, field

DEPTH_LIMIT = 40

_PLAIN = re.compile(r"[^ \t\r\n;&|<>()\\'\"$`]+")
_PLAIN_IN_QUOTES = re.compile(r'[^"\\$`]+')
_PLAIN_IN_BRACES = re.compile(r"[^}\\'\"$`]+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-]")
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-]")
_SUBSCRIPT = re.compile(r"\[[^\]\n]{0,100}\]")
_OPERATOR = re.compile(r":?[-=+?]|%%?|##?")
_ANSI = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "e": "\x1b", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


class TooDeep(Exception):
    """Nested beyond DEPTH_LIMIT; `offset` is where."""

    def __init__(self, offset: int) -> None:
        super().__init__("nested too deeply")
        self.offset = offset


@dataclass(slots=True)
class Cursor:
    """A place in a script. `read_block` parses the commands of a substitution up to its ")", from `position` on.

    `heredocs` are bodies that stand outside the text (a RUN's); `problems` collects (offset, what) for the report.
    """

    text: str
    read_block: Callable[[Cursor], Block]
    heredocs: list[Heredoc] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    position: int = 0
    depth: int = 0
    base: int = 0

    @property
    def ended(self) -> bool:
        return self.position >= len(self.text)

    @property
    def offset(self) -> int:
        return self.base + self.position

    def at(self, text: str) -> bool:
        return self.text.startswith(text, self.position)

    def take(self, pattern: re.Pattern[str]) -> str:
        """What the pattern matches here, "" where it does not; moves on."""
        match = pattern.match(self.text, self.position)
        if match is None:
            return ""
        self.position = match.end()
        return match.group()

    def note(self, what: str, position: int | None = None) -> None:
        self.problems.append((self.offset if position is None else self.base + position, what))

    def enter(self) -> None:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise TooDeep(self.offset)

    def leave(self) -> None:
        self.depth -= 1

    def inside(self, text: str, position: int) -> Cursor:
        """A cursor over text taken out of this one (a backtick substitution)."""
        return Cursor(text, self.read_block, self.heredocs, self.problems, 0, self.depth, self.base + position)


def read_word(cursor: Cursor) -> Word:
    """The word that starts here; it ends at a blank or an operator. Empty where none starts here."""
    start = cursor.position
    parts: list[Part] = []
    while not cursor.ended:
        if plain := cursor.take(_PLAIN):
            parts.append(Text(plain))
        elif cursor.text[cursor.position] in "\\'\"$`":
            parts.extend(_special(cursor, quoted=False))
        elif cursor.at("<(") or cursor.at(">("):
            cursor.position += 1
            parts.append(_substitution(cursor, cursor.position - 1, quoted=False))
        else:
            break
    return Word(_merged(parts), cursor.base + start, cursor.offset)


def _special(cursor: Cursor, quoted: bool) -> list[Part]:
    """What a backslash, quote, dollar or backtick starts outside double quotes."""
    mark = cursor.text[cursor.position]
    if mark == "\\":
        return _escape(cursor)
    if mark == "'":
        return [_single(cursor)]
    if mark == '"':
        return _double(cursor)
    return [_backticks(cursor, quoted) if mark == "`" else _dollar(cursor, quoted)]


def _escape(cursor: Cursor) -> list[Part]:
    escaped = cursor.text[cursor.position + 1 : cursor.position + 2]
    if escaped == "\r" and cursor.text.startswith("\r\n", cursor.position + 1):
        cursor.position += 3
        return []
    cursor.position += 2
    return [] if escaped == "\n" else [Text(escaped or "\\", quoted=True)]


def _single(cursor: Cursor) -> Text:
    end = cursor.text.find("'", cursor.position + 1)
    if end < 0:
        cursor.note("a ' is not closed")
        end = len(cursor.text)
    text = cursor.text[cursor.position + 1 : end]
    cursor.position = end + 1
    return Text(text, quoted=True)


def _double(cursor: Cursor) -> list[Part]:
    start = cursor.position
    cursor.position += 1
    parts: list[Part] = [Text("", quoted=True)]
    while not cursor.ended and not cursor.at('"'):
        parts.extend(_in_quotes(cursor))
    if cursor.ended:
        cursor.note('a " is not closed', start)
    cursor.position += 1
    return parts


def _in_quotes(cursor: Cursor) -> list[Part]:
    if plain := cursor.take(_PLAIN_IN_QUOTES):
        return [Text(plain, quoted=True)]
    if cursor.at("`"):
        return [_backticks(cursor, quoted=True)]
    if cursor.at("$"):
        return [_dollar(cursor, quoted=True)]
    escaped = cursor.text[cursor.position + 1 : cursor.position + 2]
    cursor.position += 2
    if escaped == "\n":
        return []
    return [Text(escaped if escaped in ("$", "`", '"', "\\") and escaped else "\\" + escaped, quoted=True)]


def _dollar(cursor: Cursor, quoted: bool) -> Part:
    start = cursor.position
    cursor.position += 1
    if cursor.at("(("):
        return _arithmetic(cursor, start, quoted)
    if cursor.at("("):
        return _substitution(cursor, start, quoted)
    if cursor.at("{"):
        return _braced(cursor, start, quoted)
    if cursor.at("'") and not quoted:
        return _ansi(cursor)
    if name := cursor.take(_PLAIN_NAME):
        return Variable(name, cursor.text[start : cursor.position], quoted=quoted, listed=name == "@")
    return Text("$", quoted)


def _ansi(cursor: Cursor) -> Text:
    """`$'…'` with its backslash escapes."""
    cursor.position += 1
    kept: list[str] = []
    while not cursor.ended and not cursor.at("'"):
        character = cursor.text[cursor.position]
        if character == "\\":
            cursor.position += 1
            character = cursor.text[cursor.position : cursor.position + 1]
            character = _ANSI.get(character, character)
        kept.append(character)
        cursor.position += 1
    cursor.position += 1
    return Text("".join(kept), quoted=True)


def _arithmetic(cursor: Cursor, start: int, quoted: bool) -> Part:
    end = cursor.text.find("))", cursor.position)
    if end < 0:
        cursor.note("a $(( is not closed")
        end = len(cursor.text)
    cursor.position = min(end + 2, len(cursor.text))
    return Substitution(cursor.text[start : cursor.position], Block(), quoted)


def _substitution(cursor: Cursor, start: int, quoted: bool) -> Part:
    cursor.position += 1
    cursor.enter()
    block = cursor.read_block(cursor)
    cursor.leave()
    return Substitution(cursor.text[start : cursor.position], block, quoted)


def _backticks(cursor: Cursor, quoted: bool) -> Part:
    start = cursor.position
    cursor.position += 1
    kept: list[str] = []
    while not cursor.ended and not cursor.at("`"):
        if cursor.at("\\") and cursor.text[cursor.position + 1 : cursor.position + 2] in ("`", "\\", "$"):
            cursor.position += 1
        kept.append(cursor.text[cursor.position : cursor.position + 1])
        cursor.position += 1
    cursor.position += 1
    inner = cursor.inside("".join(kept), start + 1)
    inner.enter()
    return Substitution(cursor.text[start : cursor.position], cursor.read_block(inner), quoted)


def _braced(cursor: Cursor, start: int, quoted: bool) -> Part:
    """`${…}` from its brace on."""
    cursor.position += 1
    cursor.enter()
    prefix = "?" if cursor.at("!") or (cursor.at("#") and not cursor.at("#}")) else ""
    cursor.position += len(prefix)
    name = cursor.take(_NAME)
    listed = cursor.take(_SUBSCRIPT) in ("[@]", "[*]") or name == "@"
    operator = prefix or cursor.take(_OPERATOR)
    argument = _argument(cursor, quoted)
    cursor.leave()
    if not cursor.at("}"):
        cursor.note("a ${ is not closed", start)
    cursor.position += 1
    operator = operator or ("?" if argument or not name else "")
    return Variable(name, cursor.text[start : cursor.position], operator, argument, quoted, listed)


def _argument(cursor: Cursor, quoted: bool) -> tuple[Part, ...]:
    parts: list[Part] = []
    while not cursor.ended and not cursor.at("}"):
        if plain := cursor.take(_PLAIN_IN_BRACES):
            parts.append(Text(plain, quoted))
        elif cursor.at("'") and quoted:
            cursor.position += 1
            parts.append(Text("'", quoted))
        else:
            parts.extend(_special(cursor, quoted))
    return _merged(parts)


def _merged(parts: list[Part]) -> tuple[Part, ...]:
    """Neighbouring texts of the same kind as one."""
    merged: list[Part] = []
    for kind, run in itertools.groupby(parts, lambda part: part.quoted if isinstance(part, Text) else None):
        if kind is None:
            merged.extend(run)
        else:
            merged.append(Text("".join(part.text for part in run if isinstance(part, Text)), kind))
    return tuple(merged)
