"""Which ignore file is in force for a target, and which others look as if they were."""

from __future__ import annotations

import posixpath

from analyzers.artifacts.target import Target
from analyzers.dockerfile.ignore import FILE_LIMIT_BYTES, Patterns
from analyzers.records import dataclass
from analyzers.tree import Tree, decode

NAME = ".dockerignore"


class IgnoreFileError(Exception):
    """The ignore file in force cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """`path` is the file in force (repository path), None where there is none."""

    path: str | None
    patterns: Patterns
    ineffective: tuple[str, ...]


def find_rules(tree: Tree, target: Target, context: str) -> IgnoreRules:
    """`<Dockerfile>.dockerignore` beside the Dockerfile, else `.dockerignore` at the context's root."""
    wanted = (posixpath.normpath(target.dockerfile) + NAME, posixpath.join(context, NAME))
    path = next((each for each in wanted if tree.is_file(each)), None)
    patterns = Patterns(()) if path is None else Patterns.parse(_text(tree, path))
    return IgnoreRules(path, patterns, tuple(_ineffective(tree, target, context, path)))


def _text(tree: Tree, path: str) -> str:
    data = tree.read_bytes(path, FILE_LIMIT_BYTES + 1)
    if data is None:
        raise IgnoreFileError(f"{path} cannot be read (a link, or no permission)")
    if len(data) > FILE_LIMIT_BYTES:
        raise IgnoreFileError(f"{path} is over the limit of {FILE_LIMIT_BYTES // 1024} KiB")
    return decode(data)


def _ineffective(tree: Tree, target: Target, context: str, in_force: str | None) -> list[str]:
    """Files named `.dockerignore` that do nothing for this target and belong to no Dockerfile of their own folder."""
    beside = posixpath.dirname(posixpath.normpath(target.dockerfile))
    found = []
    for entry in tree.named(NAME):
        folder = posixpath.dirname(entry.path)
        near = folder in (beside, context) or _is_within(context, folder) or _is_within(folder, context)
        if entry.path != in_force and near and (folder in (beside, context) or not _has_dockerfile(tree, folder)):
            found.append(entry.path)
    return found


def _is_within(inner: str, outer: str) -> bool:
    return not outer or inner == outer or inner.startswith(f"{outer}/")


def _has_dockerfile(tree: Tree, folder: str) -> bool:
    return any(
        posixpath.dirname(entry.path) == folder and entry.name.lower() != NAME
        for entry in tree.named("dockerfile*", "*.dockerfile", "containerfile*")
    )
