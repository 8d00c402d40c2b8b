"""Reads the build context: the ignore rules in force, what the target's copies take, and what could slip in."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from analyzers import manifests
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.context import BuildContext, ContextCopy, Entry
from analyzers.artifacts.missing import Missing
from analyzers.artifacts.target import Target
from analyzers.context.ignore_files import IgnoreFileError, IgnoreRules, find_rules
from analyzers.context.probes import Finder
from analyzers.context.taking import Taken, Taking, takings
from analyzers.dockerfile.ignore import TooMuchWork
from analyzers.gather import gatherer
from analyzers.source import Source
from analyzers.tree import Tree

LARGEST = 10
WORK_LIMIT = 5_000_000
_VCS = ".git"


@gatherer
def gather_build_context(source: Source, target: Target, plan: BuildPlan) -> BuildContext | Missing:
    context = posixpath.normpath(target.context).lstrip("/")
    folder = "" if context == "." else context
    try:
        rules = find_rules(source.tree, target, folder)
        has_vcs = not folder and not source.subfolder
        return _Reader(source.tree, folder, rules, takings(plan), has_vcs).read()
    except (IgnoreFileError, TooMuchWork) as error:
        return Missing(f"the build context cannot be judged: {error}")


class _Reader:
    """`sizes` are the context's files after the ignore rules, by context-relative path; None is an unknown size.

    `has_vcs`: the context is the repository's root, where `.git` stands.
    """

    def __init__(self, tree: Tree, context: str, rules: IgnoreRules, found: list[Taking], has_vcs: bool) -> None:
        self.tree = tree
        self.context = context
        self.rules = rules
        self.takings = found
        self.has_vcs = has_vcs
        self.sizes = self._sizes() if found else {}

    def _sizes(self) -> dict[str, int | None]:
        start = len(self.context) + 1 if self.context else 0
        ignores = self.rules.patterns.ignores
        found = ((entry.path[start:], entry.size_bytes) for entry in self.tree.under(self.context))
        return {path: size for path, size in found if not ignores(path)}

    def read(self) -> BuildContext:
        sources = sum(len(taking.sources) for taking in self.takings)
        if sources * len(self.sizes) > WORK_LIMIT:
            raise TooMuchWork(f"{sources} sources of copies in {len(self.sizes)} files are over the limit")
        taken = [self._taken(taking) for taking in self.takings]
        by_whole = self._paths(taken, whole=True)
        everything = by_whole | self._paths(taken, whole=False)
        vcs = self._vcs_bytes()
        taken_paths = frozenset(everything)
        finder = Finder(self.tree, self.context, self.has_vcs, tuple(self.takings), self._entering, taken_paths)
        return BuildContext(
            path=self.context or ".",
            ignore_file=self.rules.path,
            ignore_patterns=self.rules.patterns.texts,
            ineffective_ignore_files=self.rules.ineffective,
            copies=tuple(self._copy(taking, files) for taking, files in zip(self.takings, taken, strict=True)),
            probes=tuple(finder.probes()) if self.takings else (),
            size_bytes=self._size(everything) + (vcs or 0),
            by_name_bytes=self._size(everything - by_whole),
            at_least=vcs is None or any(self.sizes[path] is None for path in everything),
            vcs_bytes=vcs,
            largest=self._largest(everything, vcs),
            secrets_outside=finder.secrets_outside(),
            missing=bool(self.context) and self.context not in self.tree.folders,
            ignore_errors=self.rules.patterns.errors,
        )

    def _taken(self, taking: Taking) -> list[Taken]:
        return [found for path in self.sizes if (found := taking.take(path))]

    def _paths(self, taken: list[list[Taken]], whole: bool) -> set[str]:
        pairs = zip(self.takings, taken, strict=True)
        return {each.path for taking, files in pairs if taking.whole == whole for each in files}

    def _entering(self, path: str) -> Taking | None:
        """The first copy that takes a path, whether it is in the tree or only possible."""
        if self.rules.patterns.ignores(path):
            return None
        return next((taking for taking in self.takings if taking.take(path)), None)

    def _vcs_bytes(self) -> int | None:
        enters = self.has_vcs and self._entering(f"{_VCS}/config") is not None
        return self.tree.vcs_bytes if enters else 0

    def _size(self, paths: Iterable[str]) -> int:
        return sum(self.sizes[path] or 0 for path in paths)

    def _copy(self, taking: Taking, files: list[Taken]) -> ContextCopy:
        step = taking.step
        return ContextCopy(
            stage=step.stage,
            position=step.position,
            line=step.line,
            end_line=step.end_line,
            sources=taking.sources,
            destination=taking.destination,
            whole=taking.whole,
            source=taking.whole or _is_source(taking, files),
            code=any(manifests.is_code(each.path) for each in files),
            manifests=tuple(self._repository(each.path) for each in files if manifests.is_manifest(each.path)),
            files=len(files),
            size_bytes=self._size(each.path for each in files),
            at_least=any(self.sizes[each.path] is None for each in files),
            mount=taking.mount,
        )

    def _repository(self, path: str) -> str:
        return posixpath.join(self.context, path)

    def _largest(self, paths: Iterable[str], vcs: int | None) -> tuple[Entry, ...]:
        entries = [Entry(self._repository(path), self.sizes[path] or 0) for path in paths]
        entries.extend([Entry(_VCS, vcs)] if vcs else [])
        return tuple(sorted(entries, key=lambda entry: (-entry.size_bytes, entry.path))[:LARGEST])


def _is_source(taking: Taking, files: list[Taken]) -> bool:
    """More than manifests, locks and single configuration files. What is not in the tree is judged by its name."""
    if not files:
        return any(_names_source(path) for path in taking.paths)
    return any(
        not manifests.is_manifest(each.path) and (not each.itself or manifests.is_code(each.path)) for each in files
    )


def _names_source(path: str) -> bool:
    is_folder = "." not in path.rpartition("/")[2].lstrip(".")
    return manifests.is_code(path) or (is_folder and not manifests.is_manifest(path))
