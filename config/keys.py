"""Keys that an installation makes for itself on its first start, in files that only its own user can read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def key_from_file(path: Path, generate: Callable[[], str]) -> str:
    """The key in `path`, written there first where it is absent. Several processes starting at once agree on one."""
    if not path.exists():
        _write_once(path, generate())
    return path.read_text(encoding="ascii").strip()


def _write_once(path: Path, key: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key + "\n")
    try:
        # link, not rename: the first process wins and a second never replaces its key
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
