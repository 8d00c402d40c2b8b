"""Small sources and artifacts for tests, each in one line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from analyzers import tree
from analyzers.source import Source


def source(root: Path, files: Mapping[str, str | bytes]) -> Source:
    """A source of the given files, written below `root`; text is dedented."""
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else dedent(content).lstrip("\n").encode())
    return Source(tree.walk(root), "path", str(root))
