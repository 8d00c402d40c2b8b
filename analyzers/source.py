"""Source: a checked-out tree at a revision."""

from __future__ import annotations

import os

from analyzers import tree
from analyzers.lazy import shutil, subprocess
from analyzers.records import dataclass
from analyzers.tree import Folder, Tree


class SourceError(Exception):
    """Bad input; the message is one sentence for the user that says what to do."""


@dataclass(frozen=True)
class Source:
    """`kind`: "path", "git" or "upload". `location`: what the user gave, never with credentials. `revision`:
    commit or ""."""

    tree: Tree
    kind: str
    location: str
    revision: str = ""
    ref: str = ""
    subfolder: str = ""
    skipped: tuple[str, ...] = ()


def from_path(path: Folder) -> Source:
    """A local folder: its tracked files where it is the top of a git work tree, else every file in it."""
    if not os.path.exists(path):
        raise SourceError(
            f"{path} does not exist: give a folder with a Dockerfile, or an https link to a git repository"
        )
    if not os.path.isdir(path):
        raise SourceError(f"{path} is not a folder: give the folder that holds the Dockerfile")
    root = os.path.realpath(path)
    tracked = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    found = tree.walk(root) if tracked is None else tree.of_paths(root, tracked.rstrip("\0").split("\0"))
    revision = (_git(root, "rev-parse", "--verify", "-q", "HEAD") or "").strip()
    return Source(found, "path", str(path), revision)


def _git(root: str, *arguments: str) -> str | None:
    """Output of a read-only git command, None where root is not a work tree or git is not there."""
    if not os.path.isdir(os.path.join(root, ".git")) or shutil.which("git") is None:
        return None
    command = ["git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", *arguments]
    run = subprocess.run(command, cwd=root, capture_output=True, timeout=60, check=False)
    return run.stdout.decode("utf-8", "surrogateescape") if run.returncode == 0 else None
