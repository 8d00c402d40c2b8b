"""Which file is which manifest, and its reader."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from analyzers import regexes as re
from analyzers.requirements import conda, node, pipfile, pyproject, setup_files, text
from analyzers.requirements.entries import Manifest

Reader = Callable[[str], Manifest]

NAMED: dict[str, Reader] = {
    "pyproject.toml": pyproject.read,
    "pipfile": pipfile.read_pipfile,
    "pipfile.lock": pipfile.read_pipfile_lock,
    "setup.cfg": setup_files.read_cfg,
    "setup.py": setup_files.read_py,
    "package.json": node.read_package_json,
}
# A lock pins what a manifest beside it asks for; the manifest says which are direct.
LOCKED: dict[str, str] = {
    "uv.lock": "pyproject.toml",
    "poetry.lock": "pyproject.toml",
    "pdm.lock": "pyproject.toml",
    "pylock.toml": "pyproject.toml",
    "package-lock.json": "package.json",
    "npm-shrinkwrap.json": "package.json",
    "yarn.lock": "package.json",
    "pnpm-lock.yaml": "package.json",
    "bun.lock": "package.json",
    "bun.lockb": "package.json",
}
REQUIREMENTS_FOLDER = re.compile(r"(?:^|/)(?:requirements|requirement|reqs|deps)/[^/]+\.(?:txt|in|pip)$", re.IGNORECASE)
DEVELOPMENT = re.compile(
    r"(?:^|[^a-z])(?:dev|develop|development|test|tests|testing|lint|linting|docs?|local|ci|typing|debug|qa|format)"
    r"(?:$|[^a-z])",
    re.IGNORECASE,
)


def reader_of(path: str) -> Reader | None:
    name = path.rpartition("/")[2].lower()
    if name in NAMED:
        return NAMED[name]
    stem, dot, end = name.rpartition(".")
    if end in ("yml", "yaml"):
        starts = ("environment", "conda") if end == "yml" else ("environment",)
        return conda.read_environment if name.startswith(starts) else None
    if end not in ("txt", "in", "pip") or not dot:
        return None
    named = stem.startswith("requirements") if end == "pip" else "requirements" in stem
    return text.read if named or REQUIREMENTS_FOLDER.search(path) else None


def is_requirements_file(path: str) -> bool:
    return reader_of(path) is text.read


def manifest_of_lock(path: str) -> str | None:
    """The manifest that stands beside a lock; None where the file is no such lock."""
    folder, name = posixpath.split(path)
    beside = LOCKED.get(name.lower())
    return posixpath.join(folder, beside) if beside else None


def file_group(path: str) -> str:
    """ "" for a run-time requirements file, else its name: "dev", "requirements-test"."""
    stem = posixpath.splitext(posixpath.basename(path))[0]
    return stem if DEVELOPMENT.search(stem) else ""
