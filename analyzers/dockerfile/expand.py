"""Variable expansion in instructions (not in RUN), as BuildKit does it (moby/buildkit, frontend/dockerfile/shell).

One pass over the text; nesting and the result's length are bounded. A variable without a value is left as written and
reported, since a base image or a build argument may still set it; `${X:-default}` and its kin are decided.
"""

from __future__ import annotations

from collections.abc import Mapping

from analyzers import regexes as re
from analyzers.dockerfile import patterns
from analyzers.records import dataclass

NESTING_LIMIT = 32
LENGTH_LIMIT_CHARACTERS = 32 * 1024
_NAME = re.compile(r"[0-9]+|[^\W0-9]\w*|[@*#?\-$!]")
_PLAIN = {escape: re.compile(rf"[^$'\"}}/{re.escape(escape)}]+") for escape in "\\`"}


@dataclass(frozen=True, slots=True)
class Expansion:
    """`unresolved` are the variables left as written; `error` says why the text could not be expanded ("" if it was).

    Where there is an `error`, `text` is the original.
    """

    text: str
    unresolved: frozenset[str] = frozenset()
    error: str = ""


class _ExpansionError(Exception):
    pass


def expand(text: str, env: Mapping[str, str], escape: str = "\\") -> Expansion:
    """`text` with quotes removed and variables replaced from `env`."""
    if "$" not in text and "'" not in text and '"' not in text and escape not in text:
        return Expansion(text)
    expander = _Expander(text, env, escape)
    try:
        result = expander.until("", 0)
    except _ExpansionError as error:
        return Expansion(text, frozenset(expander.unresolved), str(error))
    return Expansion(result, frozenset(expander.unresolved))


class _Expander:
    def __init__(self, text: str, env: Mapping[str, str], escape: str) -> None:
        self.text = text
        self.env = env
        self.escape = escape
        self.plain = _PLAIN[escape]
        self.position = 0
        self.length = 0
        self.unresolved: set[str] = set()

    def until(self, stop: str, depth: int, keep_escapes: bool = False) -> str:
        """The expanded text up to `stop` (consumed) or the end ("")."""
        pieces: list[str] = []
        while self.position < len(self.text):
            run = self.plain.match(self.text, self.position)
            if run:
                pieces.append(run.group())
                self.position = run.end()
                continue
            character = self.text[self.position]
            self.position += 1
            if character == stop:
                return "".join(pieces)
            pieces.append(self._special(character, depth, keep_escapes))
        if stop:
            raise _ExpansionError(f"missing {stop!r} in a substitution")
        return "".join(pieces)

    def _special(self, character: str, depth: int, keep_escapes: bool) -> str:
        if character == "$":
            return self._variable(depth)
        if character == "'":
            return self._single_quoted()
        if character == '"':
            return self._double_quoted(depth)
        if character == self.escape:
            return (character if keep_escapes else "") + self._next()
        return character

    def _next(self) -> str:
        self.position += 1
        return self.text[self.position - 1 : self.position]

    def _single_quoted(self) -> str:
        end = self.text.find("'", self.position)
        if end < 0:
            raise _ExpansionError("a single quote is not closed")
        start, self.position = self.position, end + 1
        return self.text[start:end]

    def _double_quoted(self, depth: int) -> str:
        pieces: list[str] = []
        while self.position < len(self.text):
            character = self._next()
            if character == '"':
                return "".join(pieces)
            if character == "$":
                character = self._variable(depth)
            elif character == self.escape and self.text[self.position : self.position + 1] in ('"', "$", self.escape):
                character = self._next()
            pieces.append(character)
        raise _ExpansionError("a double quote is not closed")

    def _variable(self, depth: int) -> str:
        """Behind the dollar sign."""
        start = self.position - 1
        braces = self.text.startswith("{", self.position)
        self.position += braces
        match = _NAME.match(self.text, self.position)
        if match is None:
            if braces:
                raise _ExpansionError("bad substitution")
            return "$"
        self.position = match.end()
        if not braces or self.text.startswith("}", self.position):
            self.position += braces
            return self._value(match.group(), start)
        if depth >= NESTING_LIMIT:
            raise _ExpansionError(f"substitutions nest deeper than the limit of {NESTING_LIMIT}")
        return self._bounded(self._modified(match.group(), start, depth + 1))

    def _value(self, name: str, start: int) -> str:
        if name not in self.env:
            return self._left_as_written(name, start)
        return self._bounded(self.env[name])

    def _left_as_written(self, name: str, start: int) -> str:
        self.unresolved.add(name)
        return self.text[start : self.position]

    def _bounded(self, value: str) -> str:
        self.length += len(value)
        if self.length > LENGTH_LIMIT_CHARACTERS:
            raise _ExpansionError(f"the value is over the limit of {LENGTH_LIMIT_CHARACTERS // 1024} KiB")
        return value

    def _modified(self, name: str, start: int, depth: int) -> str:
        operator = self._next()
        if operator == "/":
            return self._replaced(name, start, depth)
        if operator == ":":
            operator += self._next()
        if operator in ("#", "%"):
            pattern = self.until("}", depth, keep_escapes=True)
            return self._trimmed(name, start, operator, pattern)
        if operator[-1:] not in ("-", "+", "?"):
            raise _ExpansionError(f"unsupported modifier {operator!r} in a substitution")
        return self._chosen(name, start, operator, depth)

    def _chosen(self, name: str, start: int, operator: str, depth: int) -> str:
        """The value or the word; what a word that is not taken leaves unresolved does not count."""
        outer, self.unresolved = self.unresolved, set()
        word = self.until("}", depth)
        inner, self.unresolved = self.unresolved, outer
        value = self.env.get(name)
        is_set = value is not None and (value != "" or operator[0] != ":")
        if operator[-1] == "+" if is_set else operator[-1] == "-":
            self.unresolved |= inner
            return word
        if operator[-1] == "+":
            return ""
        return value if is_set and value is not None else self._left_as_written(name, start)

    def _trimmed(self, name: str, start: int, operator: str, pattern: str) -> str:
        if name not in self.env:
            return self._left_as_written(name, start)
        longest = pattern.startswith(operator)
        trim = patterns.without_prefix if operator == "#" else patterns.without_suffix
        try:
            return trim(self.env[name], pattern.removeprefix(operator), longest)
        except patterns.UnsupportedPattern:
            return self._left_as_written(name, start)

    def _replaced(self, name: str, start: int, depth: int) -> str:
        everywhere = self.text.startswith("/", self.position)
        self.position += everywhere
        pattern = self.until("/", depth, keep_escapes=True)
        replacement = self.until("}", depth, keep_escapes=True)
        if name not in self.env:
            return self._left_as_written(name, start)
        try:
            return patterns.replaced(self.env[name], pattern, replacement, everywhere)
        except patterns.UnsupportedPattern:
            return self._left_as_written(name, start)
