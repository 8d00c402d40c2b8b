"""Reading a Dockerfile by BuildKit's line algorithm (moby/buildkit, frontend/dockerfile/parser), in linear time.

`parse` never raises: what cannot be read becomes a Problem with its line, and the rest is still read.
"""

from __future__ import annotations

from functools import cached_property

from analyzers import regexes as re
from analyzers.dockerfile import heredocs, templates
from analyzers.dockerfile.directives import DirectiveReader
from analyzers.dockerfile.instructions import InstructionError, read_instruction
from analyzers.dockerfile.syntax import Dockerfile, Heredoc, Instruction, Problem
from analyzers.dockerfile.words import SPACE
from analyzers.records import replace
from analyzers.tree import decode

FILE_LIMIT_BYTES = 256 * 1024
LINE_LIMIT_CHARACTERS = 32 * 1024
INSTRUCTION_LIMIT = 1_000
PROBLEM_LIMIT = 1_000
_LEADING_TABS = re.compile(r"^\t+", re.MULTILINE)
_HEREDOC_KEYWORDS = frozenset({"RUN", "COPY", "ADD"})


def parse(data: str | bytes, path: str = "Dockerfile") -> Dockerfile:
    """The file as instructions. UTF-8 (a BOM is dropped), UTF-16 with its mark, else Latin-1."""
    text = (data if isinstance(data, str) else decode(data)).removeprefix("\ufeff")
    reader = _Reader(text)
    if len(data) > FILE_LIMIT_BYTES:
        reader.stop(1, f"the file is over the limit of {FILE_LIMIT_BYTES // 1024} KiB and was not read")
    else:
        reader.read()
    directives = reader.directives.found()
    return Dockerfile(
        path, text, directives, tuple(reader.instructions), tuple(reader.problems), truncated=reader.stopped
    )


class _Reader:
    """The state of one pass over the lines; `index` is the next line to read, 0-based."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        if not self.lines[-1]:
            self.lines.pop()
        self.index = 0
        self.directives = DirectiveReader()
        self.instructions: list[Instruction] = []
        self.problems: list[Problem] = []
        self.comments: list[tuple[int, str]] = []
        self.stopped = False

    def read(self) -> None:
        while self.index < len(self.lines) and not self.stopped:
            line = self.lines[self.index].rstrip("\r").lstrip(SPACE)
            self.index += 1
            if not line:
                self.comments = []
                self.directives.open = False
            elif line[0] == "#":
                self._read_comment(line)
            else:
                self.directives.open = False
                self._read_instruction(line)
                self.comments = []
        if not self.instructions and not self.problems:
            self.problem(1, "the file has no instructions")

    def _read_comment(self, line: str) -> None:
        try:
            if self.directives.read(line, self.index):
                return
        except ValueError as error:
            self.problem(self.index, str(error))
        self.comments.append((self.index, line[1:].strip()))

    def _read_instruction(self, line: str) -> None:
        """From its first line on: continuations, then here-documents."""
        start = self.index
        text, pieces = self._continued(line, start)
        if not text.strip(SPACE):
            return
        try:
            instruction = read_instruction(
                text, start, self.index, tuple(pieces), self.directives.escape, tuple(self.comments)
            )
        except InstructionError as error:
            self._skip_heredocs(text, error.keyword)
            self.problem(start, str(error))
            return
        if "<<" in text and _takes_heredocs(instruction):
            instruction = self._with_heredocs(instruction, text)
        self._keep(instruction)

    def _continued(self, line: str, start: int) -> tuple[str, list[tuple[int, int]]]:
        """The logical line and the (offset, line number) of its pieces; comments and blank lines are left out."""
        escape = self.directives.escape
        texts: list[str] = []
        pieces: list[tuple[int, int]] = []
        offset, number = 0, start
        while True:
            if len(line) > LINE_LIMIT_CHARACTERS:
                self.problem(number, f"the line is over the limit of {LINE_LIMIT_CHARACTERS // 1024} KiB")
                line = line[-1:] if line.rstrip(" \t").endswith(escape) else ""
            joined, continues = _without_continuation(line, escape)
            texts.append(joined)
            pieces.append((offset, number))
            offset += len(joined)
            following = self._next_continuation() if continues else None
            if following is None:
                return "".join(texts), pieces
            line, number = following, self.index

    def _next_continuation(self) -> str | None:
        """The next line that is neither comment nor blank; None at the end of the file."""
        while self.index < len(self.lines):
            line = self.lines[self.index].rstrip("\r")
            self.index += 1
            first = line.lstrip(SPACE)[:1]
            if first and first != "#":
                return line
        return None

    def _with_heredocs(self, instruction: Instruction, line: str) -> Instruction:
        found = self._read_heredocs(line)
        if not found:
            return instruction
        inner = instruction.inner
        inner = inner and _rebuilt(inner, self.index, found)
        return _rebuilt(instruction, self.index, found, inner)

    def _read_heredocs(self, line: str) -> tuple[Heredoc, ...]:
        start = self.index
        found = []
        for opener in heredocs.openers(line):
            if opener.spaced and opener.name not in self._bare_lines:
                continue
            body = self._read_body(opener)
            if body is None:
                self.stop(start, f"the here-document {opener.name[:40]!r} is not terminated")
                break
            found.append(body)
        return tuple(found)

    @cached_property
    def _bare_lines(self) -> frozenset[str]:
        """Every line as a terminator would stand on it."""
        return frozenset(line.rstrip("\r").lstrip("\t") for line in self.lines)

    def _skip_heredocs(self, line: str, keyword: str) -> None:
        """An instruction that could not be read still owns the here-documents that it opens."""
        if "<<" in line and keyword in _HEREDOC_KEYWORDS:
            self._read_heredocs(line)

    def _read_body(self, opener: heredocs.Opener) -> Heredoc | None:
        first = self.index
        while self.index < len(self.lines):
            line = self.lines[self.index].rstrip("\r")
            self.index += 1
            if (line.lstrip("\t") if opener.chomp else line) == opener.name:
                content = "".join(f"{text}\n" for text in self.lines[first : self.index - 1])
                content = _LEADING_TABS.sub("", content) if opener.chomp else content
                return Heredoc(opener.name, content, first + 1, self.index, opener.expand, opener.chomp)
        return None

    def _keep(self, instruction: Instruction) -> None:
        marker = templates.marker(instruction)
        if marker:
            self.problem(instruction.line, f"an unexpanded template marker: {marker}")
        elif len(self.instructions) >= INSTRUCTION_LIMIT:
            self.stop(instruction.line, f"the file has more than {INSTRUCTION_LIMIT} instructions, the limit")
        else:
            self.instructions.append(instruction)

    def problem(self, line: int, message: str) -> None:
        if len(self.problems) < PROBLEM_LIMIT:
            self.problems.append(Problem(line, message))
        else:
            self.stopped = True

    def stop(self, line: int, message: str) -> None:
        self.problems.append(Problem(line, message))
        self.stopped = True


def _without_continuation(line: str, escape: str) -> tuple[str, bool]:
    """A trailing escape (blanks after it allowed) continues the line, unless another escape stands before it."""
    if escape not in line:
        return line, False
    end = line.rstrip(" \t")
    if not end.endswith(escape) or end[-2:-1] == escape:
        return line, False
    return end[:-1], True


def _takes_heredocs(instruction: Instruction) -> bool:
    inner = instruction.inner or instruction
    return inner.keyword in _HEREDOC_KEYWORDS and not inner.json


def _rebuilt(
    instruction: Instruction, end_line: int, found: tuple[Heredoc, ...], inner: Instruction | None = None
) -> Instruction:
    return replace(instruction, end_line=end_line, heredocs=found, inner=inner)
