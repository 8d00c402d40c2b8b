"""`.dockerignore` as Docker reads it (moby/patternmatcher): the last match wins, and what matches a folder matches all
below it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from analyzers import regexes as re
from analyzers.dockerfile import globs
from analyzers.records import dataclass

FILE_LIMIT_BYTES = 64 * 1024
WORK_LIMIT = 30_000_000
_AUTOMATON_WORK = 100
_SPACE = " \t\n\v\f\r\x85\xa0"


class TooMuchWork(Exception):
    """More pattern matches than WORK_LIMIT."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """`text` is cleaned, without "!". `path` is the only one that matches, where there is only one."""

    text: str
    exception: bool
    path: str | None
    regex: str | None
    match: globs.Matcher


class Patterns:
    """Patterns in order. `errors` are (line, sentence) for those that Docker refuses; they match nothing here."""

    def __init__(self, patterns: Iterable[Pattern], errors: Iterable[tuple[int, str]] = ()) -> None:
        self.patterns = tuple(patterns)
        self.errors = tuple(errors)
        self._exceptions = any(pattern.exception for pattern in self.patterns)
        self._paths = frozenset(pattern.path for pattern in self.patterns if pattern.path is not None)
        regexes = [pattern.regex for pattern in self.patterns if pattern.regex is not None]
        self._regex = re.compile("|".join(regexes), re.DOTALL).fullmatch if regexes else None
        self._automata = [pattern for pattern in self.patterns if pattern.path is None and pattern.regex is None]
        self._cost = len(regexes) + _AUTOMATON_WORK * len(self._automata) + 1
        self._work = 0
        self._folders: dict[str, tuple[bool, int]] = {"": (False, 0)}

    @classmethod
    def parse(cls, text: str) -> Patterns:
        """The patterns of an ignore file."""
        return cls.of(line for line in text.removeprefix("\ufeff").split("\n"))

    @classmethod
    def of(cls, lines: Iterable[str]) -> Patterns:
        """Patterns given one by one, as for COPY --exclude; blank ones and comments are left out."""
        found: list[Pattern] = []
        errors: list[tuple[int, str]] = []
        for number, line in enumerate(lines, 1):
            try:
                pattern = _pattern(line)
            except globs.PatternError as error:
                errors.append((number, str(error)))
                continue
            if pattern is not None:
                found.append(pattern)
        return cls(found, errors)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(("!" if pattern.exception else "") + pattern.text for pattern in self.patterns)

    def ignores(self, path: str) -> bool:
        """`path` is relative to the context, without a leading slash. Raises TooMuchWork."""
        clean = posixpath.normpath(path).lstrip("/") if path.startswith((".", "/")) or "//" in path else path
        folder, _, _ = clean.rpartition("/")
        return clean not in (".", "") and self._judge(clean, self._folder(folder))[0]

    def _folder(self, folder: str) -> tuple[bool, int]:
        """Whether a folder is ignored, and which patterns matched it or a folder above (a bit for each)."""
        known = self._folders.get(folder)
        pending: list[str] = []
        while known is None:
            pending.append(folder)
            folder = folder.rpartition("/")[0]
            known = self._folders.get(folder)
        for name in reversed(pending):
            known = self._judge(name, known)
            self._folders[name] = known
        return known

    def _judge(self, path: str, parent: tuple[bool, int]) -> tuple[bool, int]:
        self._work += self._cost
        if self._work > WORK_LIMIT:
            raise TooMuchWork(f"the ignore rules need more than {WORK_LIMIT} matches")
        if not self._exceptions:
            return (parent[0] or self._any(path), 0)
        return self._in_order(path, parent[1])

    def _any(self, path: str) -> bool:
        if path in self._paths or (self._regex is not None and self._regex(path)):
            return True
        return any(pattern.match(path) for pattern in self._automata)

    def _in_order(self, path: str, parent: int) -> tuple[bool, int]:
        """A pattern that matched a folder above matches again; else it is tried only where it could change the
        answer."""
        ignored, seen = False, 0
        for index, pattern in enumerate(self.patterns):
            bit = 1 << index
            if parent & bit or (pattern.exception == ignored and pattern.match(path)):
                seen |= bit
                ignored = not pattern.exception
        return ignored, seen


def _pattern(line: str) -> Pattern | None:
    if line.startswith("#"):
        return None
    text = line.strip(_SPACE)
    exception = text.startswith("!")
    text = text[1:].strip(_SPACE) if exception else text
    if not text:
        if exception:
            raise globs.PatternError("a lone ! is no pattern")
        return None
    return _compiled(_cleaned(text), exception)


def _cleaned(text: str) -> str:
    """Go's filepath.Clean, and one leading slash less."""
    clean = posixpath.normpath(text)
    return clean.lstrip("/") if len(clean) > 1 and clean.startswith("/") else clean


def _compiled(text: str, exception: bool) -> Pattern:
    found = globs.tokens(text, spanning=True)
    path = globs.literal(found)
    if path is not None:
        return Pattern(text, exception, path, None, lambda candidate: candidate == path)
    if found[0].kind in (globs.Kind.FOLDERS, globs.Kind.REST) and globs.literal(found[1:]) is not None:
        return _ending(text, exception, found)
    regex = globs.regex_of(found)
    if regex is None:
        return Pattern(text, exception, None, None, globs.automaton(found))
    fullmatch = re.compile(regex, re.DOTALL).fullmatch
    return Pattern(text, exception, None, regex, lambda candidate: fullmatch(candidate) is not None)


def _ending(text: str, exception: bool, found: list[globs.Token]) -> Pattern:
    """`**/name` matches the name in any folder; `**name` whatever ends in it, in Docker's own shortcut."""
    ending = globs.literal(found[1:]) or ""
    if text.startswith("**/"):
        regex = f"(?:.*/)?{re.escape(ending)}"
        return Pattern(text, exception, None, regex, lambda path: f"/{path}".endswith(f"/{ending}"))
    return Pattern(text, exception, None, f".*{re.escape(ending)}", lambda path: path.endswith(ending))
