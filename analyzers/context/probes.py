"""Paths that should stay out of an image: those that are in the tree, and those that a working copy would hold."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator

from analyzers import manifests
from analyzers.artifacts.context import Probe
from analyzers.context.taking import Taking
from analyzers.records import dataclass
from analyzers.tree import Tree, decode

PROBE_LIMIT = 300
SECRET_LIMIT = 500
SECRET_LIMIT_BYTES = 64 * 1024
GITIGNORE_LIMIT = 50
GITIGNORE_LINES_LIMIT = 2_000
# What stands inside such a folder, so that rules like `*.pyc` or `.venv/*` are seen to keep it out.
_INSIDE = {
    "vcs": "config",
    "virtualenv": "lib/python3/site-packages/module.py",
    "node_modules": "package/index.js",
    "bytecode": "module.cpython-312.pyc",
}
_FOLDER_KINDS = {".venv": "virtualenv", "venv": "virtualenv", "node_modules": "node_modules", "__pycache__": "bytecode"}


@dataclass(frozen=True, slots=True)
class Finder:
    """`context` is the context's folder ("" for the root), `has_vcs` where `.git` stands in it.

    `entering` gives the first copy that takes a context-relative path under the ignore rules; `taken` are the
    context-relative files that copies take.
    """

    tree: Tree
    context: str
    has_vcs: bool
    takings: tuple[Taking, ...]
    entering: Callable[[str], Taking | None]
    taken: frozenset[str]

    def probes(self) -> list[Probe]:
        """Each path once, `.git` first; at most PROBE_LIMIT of what is possible below the root."""
        inside = (self._tracked(path) for path in self._secret_names() if self._inside(path))
        found = [probe for probe in inside if probe is not None]
        known = {probe.path for probe in found}
        possible = (self._possible(path, kind) for path, kind in dict(self._candidates()).items())
        return [*(probe for probe in possible if probe.path not in known), *found]

    def secrets_outside(self) -> tuple[str, ...]:
        """Tracked secrets, by name and content, that no copy takes."""
        return tuple(
            path
            for path in self._secret_names()
            if not (self._inside(path) and self._relative(path) in self.taken) and self._holds_secret(path)
        )

    def _secret_names(self) -> list[str]:
        """The tree's first SECRET_LIMIT files with a name to look into, in order."""
        return [entry.path for entry in self.tree.entries if _may_be_secret(entry.path)][:SECRET_LIMIT]

    def _candidates(self) -> Iterator[tuple[str, str]]:
        """Context-relative paths with their kinds."""
        if self.has_vcs:
            yield ".git", "vcs"
        yield from _FOLDER_KINDS.items()
        yield ".env", "env_file"
        for folder in self._copied_folders():
            yield f"{folder}/.env", "env_file"
        yield from self._gitignored_secrets()
        yield from self._below()

    def _below(self) -> Iterator[tuple[str, str]]:
        """Where files that are taken show that such a folder belongs."""
        wanted: dict[str, str] = {}
        for path in sorted(self.taken):
            folder, slash, name = path.rpartition("/")
            for probe in _beside(path, name.lower()):
                wanted[f"{folder}{slash}{probe}"] = _FOLDER_KINDS[probe]
            if len(wanted) >= PROBE_LIMIT:
                break
        yield from wanted.items()

    def _copied_folders(self) -> Iterator[str]:
        folders = {f"{self.context}/{path}".strip("/") if self.context else path: path for path in self._named()}
        return (path for full, path in folders.items() if path and full in self.tree.folders)

    def _named(self) -> Iterator[str]:
        return (path for taking in self.takings for path in taking.paths)

    def _gitignored_secrets(self) -> Iterator[tuple[str, str]]:
        files = [entry.path for entry in self.tree.named(".gitignore")][:GITIGNORE_LIMIT]
        for path in files:
            folder = posixpath.dirname(path)
            for line in (self.tree.read_text(path) or "").splitlines()[:GITIGNORE_LINES_LIMIT]:
                secret = _secret_of_rule(line, folder, self.context)
                if secret is not None and self._inside(secret):
                    yield self._relative(secret), "env_file" if manifests.is_env_file(secret) else "secret"

    def _possible(self, path: str, kind: str) -> Probe:
        sample = f"{path}/{_INSIDE[kind]}" if kind in _INSIDE else path
        taking = self.entering(sample)
        full = posixpath.join(self.context, path)
        tracked = self.tree.is_file(full) or full in self.tree.folders
        secret = kind in ("env_file", "secret")
        return Probe(full, kind, taking is not None, tracked, secret, taking.step.line if taking else None)

    def _tracked(self, path: str) -> Probe | None:
        taking = self.entering(self._relative(path))
        secret = self._holds_secret(path)
        kind = "env_file" if manifests.is_env_file(path) else "secret"
        if kind == "secret" and not secret:
            return None
        return Probe(path, kind, taking is not None, True, secret, taking.step.line if taking else None)

    def _holds_secret(self, path: str) -> bool:
        data = self.tree.read_bytes(path, SECRET_LIMIT_BYTES)
        return manifests.holds_secret(path, None if data is None else decode(data))

    def _inside(self, path: str) -> bool:
        return not self.context or path.startswith(f"{self.context}/")

    def _relative(self, path: str) -> str:
        return path[len(self.context) + 1 :] if self.context else path


def _may_be_secret(path: str) -> bool:
    return manifests.looks_secret(path) or path.lower().endswith(".crt")


def _beside(path: str, name: str) -> Iterable[str]:
    if name.endswith(".py"):
        yield "__pycache__"
    if name == "package.json":
        yield "node_modules"
    if manifests.is_python_manifest(path):
        yield from (".venv", "venv")


def _secret_of_rule(rule: str, folder: str, context: str) -> str | None:
    """The repository path that a .gitignore rule of `folder` keeps out of the repository, where it looks secret.

    A rule without a slash holds at any depth and is placed at the context's root (or its own folder below that).
    """
    text = rule.strip()
    if not text or text[0] in "#!" or text.endswith("/") or set("?[\\") & set(text):
        return None
    above, slash, name = text.rpartition("/")
    above = above.lstrip("/").removeprefix("**/").removeprefix("**")
    concrete = next(
        (each for filler in ("", "local") if manifests.looks_secret(each := name.replace("*", filler))), None
    )
    if concrete is None or "*" in above:
        return None
    is_above = not folder or context == folder or context.startswith(f"{folder}/")
    start = folder if (slash and not text.startswith("**/")) or not is_above else context
    return posixpath.normpath(posixpath.join(start, above, concrete))
