"""Source lines as HTML. Pygments escapes what it is given and its output alone is trusted; all else stays text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from pygments.lexer import Lexer
from pygments.lexers.configs import DockerLexer, IniLexer, TOMLLexer
from pygments.lexers.data import JsonLexer, YamlLexer
from pygments.lexers.python import PythonLexer
from pygments.lexers.shell import BashLexer
from pygments.token import Comment, Keyword, Name, Number, String, _TokenType

MAX_CHARACTERS = 6_000
MAX_LINE_CHARACTERS = 400
"""Past these a repository's text is shown plain or cut: lexers are not promised to be linear."""

LEXERS: dict[str, type[Lexer]] = {
    ".cfg": IniLexer,
    ".conf": IniLexer,
    ".ini": IniLexer,
    ".json": JsonLexer,
    ".py": PythonLexer,
    ".sh": BashLexer,
    ".toml": TOMLLexer,
    ".yaml": YamlLexer,
    ".yml": YamlLexer,
}
CLASSES: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "c"),
    (Keyword, "k"),
    (String, "s"),
    (Number, "m"),
    (Name.Tag, "k"),
    (Name.Attribute, "n"),
    (Name.Builtin, "n"),
    (Name.Function, "n"),
    (Name.Class, "n"),
    (Name.Decorator, "n"),
    (Name.Variable, "n"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an excerpt, `number` 1-based in its file; `html` is safe; `marked` where the finding points."""

    number: int
    html: SafeString
    marked: bool


def lines(text: str, *, path: str, start: int, marked: range = range(0)) -> list[Line]:
    """An excerpt as numbered lines, coloured by the kind of file that `path` names."""
    cut = "\n".join(line[:MAX_LINE_CHARACTERS] for line in text.rstrip("\n").split("\n"))
    return [
        Line(number, html, number in marked) for number, html in enumerate(_html_lines(cut, _lexer(path)), start=start)
    ]


def code(text: str, language: str) -> SafeString:
    """A block of code in one of the languages of this page; an unknown language stays plain."""
    names = {"dockerfile": "Dockerfile", "docker": "Dockerfile", "python": ".py", "bash": ".sh", "shell": ".sh"}
    lexer = _lexer(names.get(language, f"x.{language}"))
    return mark_safe("\n".join(_html_lines(text, lexer)))  # noqa: S308 - every piece was escaped by _span


def _lexer(path: str) -> Lexer | None:
    name = PurePosixPath(path).name.lower()
    if name.startswith((".py", ".sh")) and name in LEXERS:
        return LEXERS[name](stripnl=False, ensurenl=False)
    if "dockerfile" in name or "containerfile" in name:
        return DockerLexer(stripnl=False, ensurenl=False)
    kind = LEXERS.get(PurePosixPath(name).suffix)
    return kind(stripnl=False, ensurenl=False) if kind else None


def _html_lines(text: str, lexer: Lexer | None) -> list[SafeString]:
    if lexer is None or len(text) > MAX_CHARACTERS:
        return [escape(line) for line in text.split("\n")]
    finished = [""]
    for token, value in lexer.get_tokens(text):
        first, *rest = value.split("\n")
        finished[-1] += _span(token, first)
        finished.extend(_span(token, part) for part in rest)
    return [mark_safe(line) for line in finished]  # noqa: S308 - every piece was escaped by _span


def _span(token: _TokenType, value: str) -> str:
    name = next(_class_names(token), "")
    return f'<span class="{name}">{escape(value)}</span>' if name and value else str(escape(value))


def _class_names(token: _TokenType) -> Iterator[str]:
    return (name for kind, name in CLASSES if token in kind)
