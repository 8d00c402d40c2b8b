"""Paths of deployment files, held against the tree. "." is the root, POSIX, never outside it."""

from __future__ import annotations

import posixpath

from analyzers.tree import Tree


def parent(path: str) -> str:
    return posixpath.dirname(path) or "."


def join(folder: str, path: str) -> str | None:
    """`path` as seen from `folder`, normalised; None where it leaves the tree, is absolute or remote."""
    if path.startswith(("/", "git@")) or "://" in path:
        return None
    joined = posixpath.normpath(posixpath.join(folder, path))
    return None if joined == ".." or joined.startswith("../") else joined


def first_existing(tree: Tree, path: str, folders: list[str]) -> str | None:
    """`path` as seen from the first of `folders` where it names a file or folder of the tree."""
    for folder in folders:
        found = join(folder, path)
        if found is not None and (tree.is_file(found) or tree.is_dir(found)):
            return found
    return None
