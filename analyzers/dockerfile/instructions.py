"""One logical line → one Instruction: keyword, flags, arguments by the keyword's own grammar."""

from __future__ import annotations

from collections.abc import Callable

from analyzers import regexes as re
from analyzers.dockerfile import words
from analyzers.dockerfile.syntax import Flag, Instruction
from analyzers.records import dataclass

_NESTING_LIMIT = 2
_KEYWORD = re.compile(r"[^\t\v\f\r ]+")
Offsets = tuple[tuple[int, int], ...]
Comments = tuple[tuple[int, str], ...]
Arguments = tuple[tuple[str, ...], bool]


class InstructionError(Exception):
    """The line is no valid instruction; `keyword` is what it starts with."""

    def __init__(self, message: str, keyword: str) -> None:
        super().__init__(message)
        self.keyword = keyword


@dataclass(frozen=True, slots=True)
class _Line:
    """A logical line, its place in the file and where its pieces start."""

    text: str
    first: int
    last: int
    offsets: Offsets
    escape: str
    comments: Comments = ()


def read_instruction(
    text: str, first: int, last: int, offsets: Offsets, escape: str, comments: Comments = ()
) -> Instruction:
    """The instruction of a logical line. Raises InstructionError where BuildKit would refuse it."""
    return _read(_Line(text, first, last, offsets, escape, comments), 0, 0)


def _read(line: _Line, start: int, depth: int) -> Instruction:
    """The instruction whose keyword starts at `start`, or behind blanks there."""
    text = line.text
    while text[start : start + 1] in words.SPACE and start < len(text):
        start += 1
    found = _KEYWORD.match(text, start)
    word = found.group() if found else ""
    keyword = word.upper()
    flags, position = words.split_flags(text, start + len(word), line.escape)
    arguments = text[position:].strip(words.SPACE)
    reader = _READERS.get(keyword)
    if reader is None:
        raise InstructionError(f"unknown instruction: {word[:40]}", keyword)
    inner = _inner(line, position, depth, arguments) if keyword == "ONBUILD" else None
    return _built(line, keyword, start, position, arguments, flags, reader, inner)


def _inner(line: _Line, position: int, depth: int, arguments: str) -> Instruction | None:
    if not arguments:
        return None
    if depth + 1 >= _NESTING_LIMIT:
        raise InstructionError("ONBUILD cannot wrap ONBUILD", "ONBUILD")
    return _read(line, position, depth + 1)


def _built(
    line: _Line,
    keyword: str,
    start: int,
    position: int,
    arguments: str,
    flags: tuple[Flag, ...],
    reader: Callable[[str, str, str], Arguments],
    inner: Instruction | None,
) -> Instruction:
    try:
        found, json = reader(arguments, keyword, line.escape)
    except words.WordsError as error:
        raise InstructionError(str(error), keyword) from None
    base = line.text.find(arguments, position) if arguments else len(line.text)
    return Instruction(
        keyword,
        line.first,
        line.last,
        line.text[start:].strip(words.SPACE),
        arguments,
        found,
        json,
        flags,
        (),
        _shifted(line.offsets, base),
        inner,
        line.comments,
    )


def _shifted(offsets: Offsets, base: int) -> Offsets:
    """The pieces counted from `base`; the one that holds it starts at 0."""
    if len(offsets) == 1:
        return ((0, offsets[0][1]),)
    before = [line for offset, line in offsets if offset <= base]
    later = tuple((offset - base, line) for offset, line in offsets if offset > base)
    return ((0, before[-1]), *later) if before else later


def _shell_or_json(text: str, _keyword: str, _escape: str) -> Arguments:
    strings = words.json_strings(text)
    return (words.blank_separated(text), False) if strings is None else (strings, True)


def _plain(text: str, _keyword: str, _escape: str) -> Arguments:
    return words.blank_separated(text), False


def _pairs(text: str, keyword: str, escape: str) -> Arguments:
    return words.pairs(text, keyword, escape), False


def _names(text: str, _keyword: str, escape: str) -> Arguments:
    return tuple(words.quoted_words(text, escape)), False


def _health(text: str, _keyword: str, _escape: str) -> Arguments:
    """The words after CMD; NONE has none."""
    parts = words.BLANKS.split(text, maxsplit=1)
    return _shell_or_json(parts[1] if len(parts) == 2 else "", _keyword, _escape)


_READERS: dict[str, Callable[[str, str, str], Arguments]] = {
    "ADD": _shell_or_json,
    "ARG": _names,
    "CMD": _shell_or_json,
    "COPY": _shell_or_json,
    "ENTRYPOINT": _shell_or_json,
    "ENV": _pairs,
    "EXPOSE": _plain,
    "FROM": _plain,
    "HEALTHCHECK": _health,
    "LABEL": _pairs,
    "MAINTAINER": _plain,
    "ONBUILD": _plain,
    "RUN": _shell_or_json,
    "SHELL": _shell_or_json,
    "STOPSIGNAL": _plain,
    "USER": _plain,
    "VOLUME": _shell_or_json,
    "WORKDIR": _plain,
}
