"""Which files of the context one COPY, ADD or bind mount takes. Paths here are relative to the context."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from analyzers import regexes as re
from analyzers.artifacts.build_plan import BuildPlan, Mount, Step
from analyzers.dockerfile import globs
from analyzers.dockerfile.ignore import Patterns
from analyzers.records import dataclass

_WILDCARDS = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Taken:
    """`root` is the source that brings the file: the file itself where it is named or matched, else a folder above."""

    path: str
    root: str

    @property
    def itself(self) -> bool:
        return self.path == self.root


class Taking:
    """One copy or mount. `sources` are expanded; a source that leads out of the context stays at its root."""

    def __init__(self, step: Step, sources: Iterable[str], destination: str, mount: bool = False) -> None:
        self.step = step
        self.sources = tuple(sources)
        self.destination = destination
        self.mount = mount
        self.paths = tuple(clean(source) for source in self.sources)
        self.whole = any(path == "" or (path == "*" and not mount) for path in self.paths)
        spanning = step.instruction.flag("parents") not in (None, "false")
        wild = [] if mount else [path for path in self.paths if _WILDCARDS & set(path)]
        self._literal = frozenset(self.paths) - set(wild)
        self._wild = _wildcards(wild, spanning)
        self._exclude = Patterns.of(flag.value or "" for flag in step.instruction.flags if flag.name == "exclude")

    def take(self, path: str) -> Taken | None:
        """The file as this takes it, None where it does not."""
        root = "" if self.whole else self._root(path)
        if root is None:
            return None
        inner = path.rpartition("/")[2] if root == path else path[len(root) :].lstrip("/")
        return None if self._exclude.patterns and self._exclude.ignores(inner) else Taken(path, root)

    def _root(self, path: str) -> str | None:
        for prefix in _prefixes(path):
            if prefix in self._literal or any(matches(prefix) for matches in self._wild):
                return prefix
        return None


def clean(source: str) -> str:
    """A source's path in the context, "" for all of it."""
    return posixpath.normpath(posixpath.join("/", source)).lstrip("/")


def _prefixes(path: str) -> Iterator[str]:
    """The folders above a file, outermost first, then the file."""
    position = path.find("/")
    while position >= 0:
        yield path[:position]
        position = path.find("/", position + 1)
    yield path


def _wildcards(patterns: Iterable[str], spanning: bool) -> list[globs.Matcher]:
    """One matcher for all patterns that are regular expressions, and one for each other. A malformed one takes
    nothing (the build would stop)."""
    regexes: list[str] = []
    others: list[globs.Matcher] = []
    for pattern in patterns:
        try:
            found = globs.tokens(pattern, spanning)
        except globs.PatternError:
            continue
        regex = globs.regex_of(found)
        if regex is None:
            others.append(globs.automaton(found))
        else:
            regexes.append(regex)
    if regexes:
        fullmatch = re.compile("|".join(regexes), re.DOTALL).fullmatch
        others.insert(0, lambda path: fullmatch(path) is not None)
    return others


def takings(plan: BuildPlan) -> list[Taking]:
    """The copies and bind mounts from the context in the stages that the target reaches, in order of lines."""
    found: list[Taking] = []
    for stage in plan.reached_stages():
        for step in stage.steps:
            copy = step.copy
            if copy is not None and copy.stage is None and copy.image is None and copy.sources:
                found.append(Taking(step, copy.sources, copy.destination))
            found.extend(_mounted(step, mount) for mount in step.mounts if _from_context(mount))
    return sorted(found, key=lambda taking: taking.step.line)


def _mounted(step: Step, mount: Mount) -> Taking:
    return Taking(step, (mount.source or ".",), mount.target, mount=True)


def _from_context(mount: Mount) -> bool:
    return mount.type == "bind" and mount.source_stage is None and mount.source_image is None
