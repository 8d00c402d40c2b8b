"""The modules of a package, told by its folder; `pkgutil` would import more than it finds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import ModuleType

ENDS = (".py", ".pyc")


def modules_of(package: ModuleType) -> list[str]:
    """Full names of the modules at any depth, sorted; packages themselves and what starts with a dot are left out."""
    found = {name for folder in package.__path__ for name in _below(folder, package.__name__)}
    return sorted(found)


def _below(folder: str, prefix: str) -> Iterator[str]:
    for entry in os.scandir(folder):
        stem, end = os.path.splitext(entry.name)
        if entry.is_dir() and entry.name.isidentifier() and entry.name != "__pycache__":
            yield from _below(entry.path, f"{prefix}.{entry.name}")
        elif end in ENDS and stem.isidentifier() and stem != "__init__":
            yield f"{prefix}.{stem}"
