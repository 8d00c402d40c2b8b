"""Dependencies: the manifests that this target installs, and which of their groups it really brings."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from analyzers.artifacts.build_plan import BuildPlan, Step
from analyzers.artifacts.dependencies import Dependencies, Requirement
from analyzers.artifacts.deployment import Where
from analyzers.artifacts.installs import Install, InstallKind, Installs
from analyzers.artifacts.missing import Missing
from analyzers.artifacts.target import Target
from analyzers.gather import gatherer
from analyzers.records import dataclass, field
from analyzers.requirements.entries import Entry, Manifest, ManifestError
from analyzers.requirements.kinds import file_group, is_requirements_file, manifest_of_lock, reader_of
from analyzers.requirements.selection import Selection, select
from analyzers.source import Source
from analyzers.tree import Tree

MANIFEST_LIMIT = 200
INCLUDE_DEPTH = 10
READS_MANIFESTS = frozenset({InstallKind.DEPENDENCY, InstallKind.PROJECT, InstallKind.OFFLINE})
MANAGER_OF = {"package.json": "npm", "pipfile": "pipenv", "pipfile.lock": "pipenv"}


@gatherer
def gather_dependencies(
    source: Source, target: Target, plan: BuildPlan | Missing, installs: Installs | Missing
) -> Dependencies:
    collector = _Collector(source.tree)
    found = list(_installed(source.tree, plan, installs))
    for path, selection_of in found or list(_guessed(source.tree, target, plan)):
        collector.take(path, selection_of)
    collector.take_siblings()
    return Dependencies(tuple(collector.requirements()), tuple(collector.manifests), tuple(collector.unread))


@dataclass(frozen=True, slots=True)
class _Chooser:
    """How a manifest's groups are chosen: by an install command and the environment that it sees."""

    manager: str
    command: str
    env: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()

    def selection(self, manifest: Manifest) -> Selection:
        return select(self.manager, self.command, manifest, self.env)


def _installed(tree: Tree, plan: BuildPlan | Missing, installs: Installs | Missing) -> Iterator[tuple[str, _Chooser]]:
    """(manifest, how its groups are chosen) for every install that reads one."""
    if isinstance(installs, Missing):
        return
    for install in installs.all:
        if install.kind in READS_MANIFESTS:
            chooser = _Chooser(install.manager, install.command, _environment(plan, install), install.dev_groups)
            for path in dict.fromkeys(_direct(tree, path) for path in install.manifests):
                yield path, chooser


def _direct(tree: Tree, path: str) -> str:
    """The manifest beside a lock, where it is there; else the path itself."""
    manifest = manifest_of_lock(path)
    return manifest if manifest is not None and tree.is_file(manifest) else path


def _environment(plan: BuildPlan | Missing, install: Install) -> Mapping[str, str]:
    steps: tuple[Step, ...] = ()
    if not isinstance(plan, Missing) and install.stage < len(plan.stages):
        steps = plan.stages[install.stage].steps
    return next((step.env for step in steps if step.position == install.position), {})


def _guessed(tree: Tree, target: Target, plan: BuildPlan | Missing) -> Iterator[tuple[str, _Chooser]]:
    """Where no install names one: manifests that context copies name, else those at the context's root."""
    copied = [] if isinstance(plan, Missing) else list(dict.fromkeys(_copied(tree, target, plan)))
    for path in copied or _at_root(tree, target):
        name = posixpath.basename(path).lower()
        if not (is_requirements_file(path) and file_group(path)):
            yield path, _Chooser(MANAGER_OF.get(name, "pip"), "")


def _copied(tree: Tree, target: Target, plan: BuildPlan) -> Iterator[str]:
    for stage in plan.reached_stages():
        for step in stage.steps:
            if step.copy is not None and step.copy.stage is None and step.copy.image is None:
                for written in step.copy.sources:
                    path = posixpath.normpath(posixpath.join(target.context, written.lstrip("/")))
                    direct = _direct(tree, path)
                    if tree.is_file(direct) and reader_of(direct) is not None:
                        yield direct


def _at_root(tree: Tree, target: Target) -> list[str]:
    folder = "" if target.context in (".", "") else target.context.rstrip("/")
    paths = [entry.path for entry in tree.under(folder) if posixpath.dirname(entry.path) == folder]
    return [path for path in paths if reader_of(path) is not None]


class _Collector:
    """Reads manifests once each; what one install leaves out another may bring."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.manifests: list[str] = []
        self.unread: list[tuple[str, str]] = []
        self._found: dict[tuple[str, Entry], bool] = {}
        self._read: dict[str, Manifest | None] = {}

    def requirements(self) -> Iterator[Requirement]:
        for (path, entry), runtime in self._found.items():
            yield _requirement(path, entry, runtime)

    def take(self, path: str, chooser: _Chooser, depth: int = 0) -> None:
        manifest = self._manifest(path)
        if manifest is None:
            return
        if path not in self.manifests:
            self.manifests.append(path)
        selection = chooser.selection(manifest)
        for entry in manifest.entries:
            self._add(path, entry, selection.takes(entry.group) or entry.group in chooser.groups)
        for written, _ in manifest.includes if depth < INCLUDE_DEPTH else ():
            included = _relative(path, written)
            if included != path and (included not in self.manifests or depth == 0):
                self.take(included, chooser, depth + 1)
        self._local_requirements(path, manifest, chooser, depth)

    def _local_requirements(self, path: str, manifest: Manifest, chooser: _Chooser, depth: int) -> None:
        """`-e .` in a requirements file installs the project beside it."""
        for entry in manifest.entries:
            if entry.local and not entry.group and depth < INCLUDE_DEPTH and is_requirements_file(path):
                folder = _relative(path, entry.local)
                words = f"pip install .[{','.join(entry.extras)}]" if entry.extras else "pip install ."
                for name in ("pyproject.toml", "setup.cfg", "setup.py"):
                    project = posixpath.normpath(posixpath.join(folder, name))
                    if self.tree.is_file(project) and project not in self.manifests:
                        self.take(project, _Chooser("pip", words), depth + 1)

    def take_siblings(self) -> None:
        """Requirement files beside the installed ones: what stands in them is known, but not installed."""
        folders = {posixpath.dirname(path) for path in self.manifests if is_requirements_file(path)}
        for entry in self.tree.entries if folders else ():
            folder = posixpath.dirname(entry.path)
            beside = folder in folders or posixpath.dirname(folder) in folders
            if beside and is_requirements_file(entry.path) and entry.path not in self.manifests:
                manifest = self._manifest(entry.path)
                for item in manifest.entries if manifest is not None else ():
                    self._add(entry.path, item, False)

    def _add(self, path: str, entry: Entry, runtime: bool) -> None:
        self._found[path, entry] = self._found.get((path, entry), False) or runtime

    def _manifest(self, path: str) -> Manifest | None:
        if path not in self._read:
            self._read[path] = self._open(path) if len(self._read) < MANIFEST_LIMIT else None
        return self._read[path]

    def _open(self, path: str) -> Manifest | None:
        reader = reader_of(path)
        text = self.tree.read_text(path)
        if text is None:
            self.unread.append((path, "it is not in this repository"))
            return None
        try:
            return reader(text) if reader is not None else Manifest()
        except ManifestError as error:
            self.unread.append((path, str(error)))
            return None


def _relative(path: str, written: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), written))


def _requirement(path: str, entry: Entry, runtime: bool) -> Requirement:
    group = entry.group.removeprefix("extra:") or (file_group(path) if is_requirements_file(path) else "")
    return Requirement(
        entry.name,
        entry.specifier,
        Where(path, entry.line),
        group,
        runtime,
        entry.vcs,
        entry.local,
        entry.ecosystem,
        entry.extras,
    )
