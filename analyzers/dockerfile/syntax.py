"""The shapes a Dockerfile is parsed into. All lines are 1-based and inclusive."""

from __future__ import annotations

from bisect import bisect_right

from analyzers.records import dataclass


@dataclass(frozen=True, slots=True)
class Directives:
    """Parser directives at the top of the file (`# syntax=`, `# escape=`, `# check=`)."""

    syntax: str | None = None
    escape: str = "\\"
    check: str | None = None
    syntax_line: int | None = None


@dataclass(frozen=True, slots=True)
class Heredoc:
    """`line`..`end_line` is the body with its terminator; `content` the body, tabs already chomped for `<<-`."""

    name: str
    content: str
    line: int
    end_line: int
    expand: bool
    chomp: bool


@dataclass(frozen=True, slots=True)
class Flag:
    """`--mount=type=cache` is Flag("mount", "type=cache"); `--link` is Flag("link", None)."""

    name: str
    value: str | None

    def options(self) -> dict[str, str]:
        """The comma-separated key=value pairs of a --mount; a key without value maps to ""."""
        pairs = (part.partition("=") for part in (self.value or "").split(","))
        return {key.strip().lower(): value for key, _, value in pairs if key.strip()}


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction as written, nothing expanded.

    `text` is everything after keyword and flags, with continuations joined and comment lines dropped, as BuildKit
    hands it on. `offsets` maps positions in `text` to source lines: ascending pairs (offset, line). `words` are the
    arguments: the JSON strings where `json`, sources and destination of COPY/ADD, `K=V` pairs of ENV/LABEL/ARG
    (the old `ENV K V` as one "K=V"), otherwise blank-separated words with their quotes kept. `inner` is what
    ONBUILD wraps.
    `comments` is the block of comment lines right above, each (line, text without "#").
    """

    keyword: str
    line: int
    end_line: int
    original: str
    text: str
    words: tuple[str, ...] = ()
    json: bool = False
    flags: tuple[Flag, ...] = ()
    heredocs: tuple[Heredoc, ...] = ()
    offsets: tuple[tuple[int, int], ...] = ()
    inner: Instruction | None = None
    comments: tuple[tuple[int, str], ...] = ()

    def flag(self, name: str) -> str | None:
        """The value of the first flag of this name; "" where it has none; None where absent."""
        return next((flag.value or "" for flag in self.flags if flag.name == name), None)

    def line_at(self, offset: int) -> int:
        """The source line of a position in `text`."""
        index = bisect_right(self.offsets, offset, key=_start)
        return self.offsets[index - 1][1] if index else self.line


def _start(piece: tuple[int, int]) -> int:
    return piece[0]


@dataclass(frozen=True, slots=True)
class Problem:
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """A parsed file. Where `problems` is not empty, `instructions` holds what could be read around them.

    `truncated`: a limit or an unterminated here-document ended the reading; nothing after the last problem was read.
    """

    path: str
    text: str
    directives: Directives
    instructions: tuple[Instruction, ...]
    problems: tuple[Problem, ...] = ()
    truncated: bool = False
