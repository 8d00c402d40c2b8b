"""The manifests that an install reads, as repository paths, and the development groups that it brings."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase

from analyzers import regexes as re
from analyzers.installs.runs import Run, is_on
from analyzers.requirements.entries import Manifest, ManifestError, normalise
from analyzers.requirements.kinds import DEVELOPMENT, file_group, is_requirements_file, manifest_of_lock, reader_of
from analyzers.requirements.pyproject import load_toml, table
from analyzers.requirements.selection import select
from analyzers.tree import Tree

INCLUDE_LIMIT = 30
PARENTS = 4
MEMBER_LIMIT = 50
Find = Callable[[str], str | None]

_LOCK = re.compile(r"lock|go\.sum|shrinkwrap|pnpm-workspace")


class Manifests:
    """Reads each manifest of the tree once."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._read: dict[str, Manifest | None] = {}

    def of(self, run: Run, folder: str, find: Find) -> tuple[str, ...]:
        """`folder` is the project's in the image, absolute; `find` gives the repository path behind one.

        Files that are named but not known to come from the repository stay as they are written.
        """
        found: dict[str, None] = {}
        for written in run.reads:
            path = find(posixpath.normpath(posixpath.join(folder, written)))
            found.update(dict.fromkeys([written] if path is None else self._with_includes(path)))
        for name in run.implied:
            place = _upwards(find, folder, name) if _LOCK.search(name) else posixpath.join(folder, name)
            if (path := find(place)) is not None:
                found[path] = None
                found.update(dict.fromkeys(self._present_members(run, path, place, find)))
        return tuple(found)

    def _present_members(self, run: Run, path: str, place: str, find: Find) -> Iterator[str]:
        """Manifests of workspace members that are in the image too; `place` is where the root's file lies there."""
        for member in self.members(run, (path,)):
            below = posixpath.relpath(member, posixpath.dirname(path) or ".")
            if find(posixpath.normpath(posixpath.join(posixpath.dirname(place), below))) == member:
                yield member

    def _with_includes(self, path: str) -> Iterator[str]:
        """A requirements file and those that it names with `-r`."""
        seen: dict[str, None] = {path: None}
        pending = [path]
        while pending and len(seen) < INCLUDE_LIMIT:
            current = pending.pop()
            manifest = self.manifest(current) if is_requirements_file(current) else None
            for written, _ in manifest.includes if manifest else ():
                included = posixpath.normpath(posixpath.join(posixpath.dirname(current), written))
                if included not in seen and self._tree.is_file(included):
                    seen[included] = None
                    pending.append(included)
        return iter(seen)

    def members(self, run: Run, paths: tuple[str, ...]) -> Iterator[str]:
        """pyproject.toml of the workspace members that the run is for."""
        for root in dict.fromkeys(self._beside(path) for path in paths if run.package):
            manifest = self.manifest(root)
            for path in self._projects_below(posixpath.dirname(root), manifest.members if manifest else ()):
                if run.package == "*" or self._name(path) == normalise(run.package):
                    yield path

    def _projects_below(self, folder: str, globs: tuple[str, ...]) -> Iterator[str]:
        patterns = [posixpath.normpath(posixpath.join(folder, glob, "pyproject.toml")) for glob in globs[:MEMBER_LIMIT]]
        if not patterns:
            return
        for entry in self._tree.named("pyproject.toml")[:1000]:
            if any(fnmatchcase(entry.path, pattern[:300]) for pattern in patterns):
                yield entry.path

    def _name(self, path: str) -> str:
        try:
            name = table(load_toml(self._tree.read_text(path) or ""), "project").get("name")
        except ManifestError:
            return ""
        return normalise(name) if isinstance(name, str) and name else ""

    def manifest(self, path: str) -> Manifest | None:
        """None where it is not there or cannot be read."""
        if path not in self._read:
            reader, text = reader_of(path), self._tree.read_text(path)
            try:
                self._read[path] = reader(text) if reader is not None and text is not None else None
            except ManifestError:
                self._read[path] = None
        return self._read[path]

    def development_groups(
        self, run: Run, paths: tuple[str, ...], command: str, env: Mapping[str, str]
    ) -> tuple[str, ...]:
        """Groups, extras and files for development among what the command installs, those with entries only."""
        found: dict[str, None] = {}
        if "dev" in env.get("npm_config_omit", "") or is_on(env, "NPM_CONFIG_PRODUCTION"):
            return ()
        members = tuple(self.members(run, paths))
        own = () if members and run.package != "*" else tuple(self._beside(path) for path in paths)
        for path in dict.fromkeys((*own, *members)):
            manifest = self.manifest(path)
            if manifest is None or not manifest.entries:
                continue
            if is_requirements_file(path):
                found.update(dict.fromkeys([file_group(path)] if file_group(path) else []))
                continue
            selection = select(run.manager, command, manifest, env)
            for entry in manifest.entries:
                if entry.group and selection.takes(entry.group) and DEVELOPMENT.search(entry.group):
                    found[entry.group.removeprefix("extra:")] = None
        return tuple(found)

    def _beside(self, path: str) -> str:
        """The manifest beside a lock."""
        manifest = manifest_of_lock(path)
        return manifest if manifest is not None and self._tree.is_file(manifest) else path


def _upwards(find: Find, folder: str, name: str) -> str:
    """A lock may lie in the workspace's root, above the project."""
    start = posixpath.join(folder, name)
    for _ in range(PARENTS):
        if find(posixpath.join(folder, name)) is not None:
            return posixpath.join(folder, name)
        folder = posixpath.dirname(folder)
    return start
