"""Words, operators and redirections of a shell script, one token at a time."""

from __future__ import annotations

from enum import Enum, auto

from analyzers import regexes as re
from analyzers.dockerfile.shell_syntax import Body, Redirect, Text, Word
from analyzers.dockerfile.shell_words import Cursor, read_word
from analyzers.records import dataclass

_BLANK = re.compile(r"(?:[ \t\r]|\\\r?\n)+")
_COMMENT = re.compile(r"#[^\n]*")
_REDIRECT = re.compile(r"(?:\d{1,3}|\{[A-Za-z_]\w{0,30}\})?(?:<<<|<<-|<<|<>|<&|>>|>&|>\||<(?!\()|>(?!\())|&>>|&>")
_OPERATOR = re.compile(r";;&|;;|;&|&&|\|\||\|&|[;&|()]")
_STRAY = re.compile(r"[<>]\(?")


class Kind(Enum):
    WORD = auto()
    OPERATOR = auto()
    NEWLINE = auto()
    REDIRECT = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    start: int
    end: int
    word: Word | None = None
    redirect: Redirect | None = None


class Lexer:
    """Tokens from a cursor; the bodies of here-documents are read where their line ends."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self._waiting: list[tuple[str, Word, list[Body]]] = []

    def next(self) -> Token:
        cursor = self.cursor
        cursor.take(_BLANK)
        if cursor.at("#"):
            cursor.take(_COMMENT)
        start = cursor.offset
        if cursor.ended:
            return Token(Kind.END, "", start, start)
        if cursor.at("\n"):
            return self._newline(start)
        if operator := cursor.take(_REDIRECT):
            return self._redirect(operator, start)
        if operator := cursor.take(_OPERATOR):
            return Token(Kind.OPERATOR, operator, start, cursor.offset)
        return self._word(start)

    def _word(self, start: int) -> Token:
        word = read_word(self.cursor)
        if word.end == start:
            stray = self.cursor.take(_STRAY)
            word = Word((Text(stray),), start, self.cursor.offset)
        return Token(Kind.WORD, word.literal or "", start, self.cursor.offset, word)

    def _newline(self, start: int) -> Token:
        self.cursor.position += 1
        for operator, delimiter, place in self._waiting:
            place.append(_body(self.cursor, operator, delimiter))
        self._waiting.clear()
        return Token(Kind.NEWLINE, "\n", start, start + 1)

    def _redirect(self, operator: str, start: int) -> Token:
        self.cursor.take(_BLANK)
        target = read_word(self.cursor)
        redirect = Redirect(operator, target, self._heredoc(operator, target))
        return Token(Kind.REDIRECT, operator, start, self.cursor.offset, redirect=redirect)

    def _heredoc(self, operator: str, target: Word) -> list[Body]:
        """Where the body will be: filled at the end of the line, or now from the instruction's own."""
        place: list[Body] = []
        if not operator.endswith(("<<", "<<-")):
            return place
        given = self.cursor.heredocs
        if given and given[0].name == delimiter_of(target):
            heredoc = given.pop(0)
            place.append(Body(heredoc.content, None, heredoc.line))
        else:
            self._waiting.append((operator, target, place))
        return place


class Tokens:
    """The token stream with one token of look-ahead; `end` is where the last one taken ended."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.peeked: Token | None = None
        self.end = cursor.offset
        self._lexer = Lexer(cursor)

    def peek(self) -> Token:
        if self.peeked is None:
            self.peeked = self._lexer.next()
        return self.peeked

    def next(self) -> Token:
        token = self.peek()
        self.peeked = None
        self.end = token.end
        return token

    def is_(self, *texts: str) -> bool:
        token = self.peek()
        return token.kind in (Kind.WORD, Kind.OPERATOR, Kind.NEWLINE) and token.text in texts

    def expect(self, text: str, only_if_present: bool = False) -> bool:
        if self.is_(text):
            self.next()
            return True
        if not only_if_present:
            self.cursor.problems.append((self.peek().start, f"{text!r} is missing"))
        return False

    def skip_newlines(self) -> None:
        while self.peek().kind is Kind.NEWLINE:
            self.next()


def delimiter_of(word: Word) -> str:
    return "".join(part.text if isinstance(part, Text) else part.raw for part in word.parts)


def _body(cursor: Cursor, operator: str, delimiter: Word) -> Body:
    """The here-document that starts at the cursor, up to its terminator or the end."""
    name, chomp = delimiter_of(delimiter), operator.endswith("-")
    start = cursor.offset
    lines: list[str] = []
    while not cursor.ended:
        line = _line(cursor)
        line = line.lstrip("\t") if chomp else line
        if line.rstrip("\r\n") == name:
            break
        lines.append(line)
    return Body("".join(lines), start, 0)


def _line(cursor: Cursor) -> str:
    end = cursor.text.find("\n", cursor.position)
    end = len(cursor.text) if end < 0 else end + 1
    line = cursor.text[cursor.position : end]
    cursor.position = end
    return line
