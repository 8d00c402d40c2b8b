"""Shell variables and the expansion of words, as far as both are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase

from analyzers import regexes as re
from analyzers.dockerfile.shell_syntax import Part, Substitution, Text, Variable, Word
from analyzers.records import dataclass

VALUE_LIMIT = 4096
TOTAL_LIMIT = 4_000_000
PATTERN_LIMIT = 256

_NAME_CHARACTER = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Value:
    """`known` is false where part of the text stands for something not known (`$NAME`, a default that may not hold)."""

    text: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class Expansion:
    """The words that one word becomes."""

    fields: tuple[str, ...]
    known: bool


class Scope:
    """Variables by name. None stands for one that was set to something unknown; an absent name was never set."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._values: dict[str, Value | None] = {name: Value(text) for name, text in env.items()}
        self._journals: list[dict[str, Value | None]] = []
        self._absent: list[set[str]] = []
        self._left = TOTAL_LIMIT
        self.positional: tuple[Value, ...] | None = None

    def has(self, name: str) -> bool:
        return name in self._values

    def get(self, name: str) -> Value | None:
        if self.positional is not None and name.isdecimal() and 0 < len(name) < 4:
            index = int(name) - 1
            return self.positional[index] if 0 <= index < len(self.positional) else Value("")
        value = self._values.get(name)
        return value if value is None or self._spend(value.text) else None

    def _spend(self, text: str) -> bool:
        self._left -= len(text)
        return self._left > 0

    def forget(self, names: set[str]) -> None:
        """Each now holds something unknown."""
        for name in names - {"@"}:
            self.assign(name, None)
        if "@" in names:
            self.positional = None

    def assign(self, name: str, value: Value | None) -> None:
        if self._journals and name not in self._journals[-1] and name not in self._absent[-1]:
            if name in self._values:
                self._journals[-1][name] = self._values[name]
            else:
                self._absent[-1].add(name)
        self._values[name] = value if value and len(value.text) <= VALUE_LIMIT else None

    @contextmanager
    def undone(self) -> Iterator[set[str]]:
        """What is assigned inside is taken back at the end; then the set holds the names ("@": the parameters)."""
        names: set[str] = set()
        positional = self.positional
        self._journals.append({})
        self._absent.append(set())
        try:
            yield names
        finally:
            before, absent = self._journals.pop(), self._absent.pop()
            self._values.update(before)
            for name in absent:
                self._values.pop(name, None)
            names.update(before, absent, () if self.positional is positional else "@")
            self.positional = positional


def expand(word: Word, scope: Scope) -> Expansion:
    """As an argument: unquoted values are split at blanks, and vanish where empty."""
    fields: list[str] = []
    current: list[str] = []
    started, known = False, True
    for index, part in enumerate(word.parts):
        value = _value(part, word.parts[index + 1 : index + 2], scope)
        known = known and value.known
        if _is_quoted(part) or not isinstance(part, Variable):
            pieces, quoted = [value.text], isinstance(part, Text) or _is_quoted(part) or bool(value.text)
        else:
            pieces, quoted = _split(value.text), False
        if isinstance(part, Variable) and part.name == "@" and scope.positional is not None:
            pieces, quoted = [item.text for item in scope.positional], bool(scope.positional)
        for place, piece in enumerate(pieces):
            if place and started:
                fields.append("".join(current))
                current.clear()
            current.append(piece)
            started = started or quoted or bool(piece) or place > 0
    return Expansion((*fields, "".join(current)) if started else tuple(fields), known)


def text_of(word: Word, scope: Scope) -> Value:
    """As the value of an assignment: nothing is split."""
    return _joined(word.parts, scope)


def _joined(parts: tuple[Part, ...], scope: Scope) -> Value:
    values = [_value(part, parts[index + 1 : index + 2], scope) for index, part in enumerate(parts)]
    return Value("".join(value.text for value in values), all(value.known for value in values))


def _is_quoted(part: Part) -> bool:
    return part.quoted


def _split(text: str) -> list[str]:
    """At blanks; an empty first or last piece says that the text began or ended with one."""
    if not text:
        return []
    pieces = text.split()
    return ([""] if text[0].isspace() else []) + pieces + ([""] if text[-1].isspace() and pieces else [])


def _value(part: Part, following: tuple[Part, ...], scope: Scope) -> Value:
    if isinstance(part, Text):
        return Value(part.text)
    if isinstance(part, Substitution):
        return Value(part.raw, known=False)
    if part.name in ("@", "*") and scope.positional is not None and not part.operator:
        items = scope.positional
        return Value(" ".join(item.text for item in items), all(item.known for item in items))
    value = scope.get(part.name)
    if part.operator == "?" or (value is None and scope.has(part.name)):
        return Value(_written(part, following), known=False)
    return _unset(part, following, scope) if value is None else _set(part, value, scope)


def _written(part: Variable, following: tuple[Part, ...]) -> str:
    """`$NAME`, or as it stands where that would read on into the next text."""
    after = following[0] if following else None
    if part.operator == "?" or part.listed or (isinstance(after, Text) and _NAME_CHARACTER.match(after.text)):
        return part.raw
    return f"${part.name}"


def _unset(part: Variable, following: tuple[Part, ...], scope: Scope) -> Value:
    """A name that nothing here sets; something outside still may."""
    operator = part.operator.removeprefix(":")
    if operator in ("-", "="):
        return Value(_joined(part.argument, scope).text, known=False)
    if operator == "+":
        return Value("", known=False)
    return Value(_written(part, following), known=False)


def _set(part: Variable, value: Value, scope: Scope) -> Value:
    counts = bool(value.text) or not part.operator.startswith(":")
    operator = part.operator.removeprefix(":")
    if operator == "+":
        chosen = _joined(part.argument, scope) if counts else Value("")
        return Value(chosen.text, chosen.known and value.known)
    if operator in ("-", "=") and not counts:
        return _joined(part.argument, scope)
    if operator[:1] in ("#", "%") and operator:
        return _trimmed(operator, value, _joined(part.argument, scope))
    return value


def _trimmed(operator: str, value: Value, pattern: Value) -> Value:
    """`${X#pattern}` and its kin; the text as it is where it is too long to try."""
    text, known = value.text, value.known and pattern.known
    if len(text) > PATTERN_LIMIT or len(pattern.text) > PATTERN_LIMIT:
        return Value(text, known=False)
    cuts = range(len(text) + 1)
    front = operator[0] == "#"
    order = cuts if front == (len(operator) == 1) else reversed(cuts)
    for cut in order:
        if fnmatchcase(text[:cut] if front else text[cut:], pattern.text):
            return Value(text[cut:] if front else text[:cut], known)
    return Value(text, known)
