"""Development groups that a later command takes out again, before anything is copied or the layer is closed."""

from __future__ import annotations

from collections.abc import Iterable

from analyzers.artifacts.installs import Install
from analyzers.records import replace

_EXACT = (("uv", "sync"), ("npm", "ci"), ("poetry", "sync"))


def without_pruned(
    installs: list[Install], pruned: Iterable[tuple[int, int, str]], final: Iterable[int]
) -> list[Install]:
    """`pruned`: (stage, position, manager) of commands that remove development packages; `final`: stages whose layers
    the image keeps, where only the same RUN can take something back.
    """
    removals = {*pruned, *((i.stage, i.position, i.manager) for i in installs if _removes(i))}
    chain = frozenset(final)
    return [replace(i, dev_groups=()) if i.dev_groups and _undone(i, removals, chain) else i for i in installs]


def _removes(install: Install) -> bool:
    """An install that makes the environment exactly what it says, and says no development groups."""
    words = install.command.split()
    exact = any(install.manager == manager and verb in words for manager, verb in _EXACT) or "--sync" in words
    return exact and not install.dev_groups and not install.conditional and "--inexact" not in words


def _undone(install: Install, removals: set[tuple[int, int, str]], chain: frozenset[int]) -> bool:
    for stage, position, manager in removals:
        later = position > install.position and install.stage not in chain
        if manager == install.manager and stage == install.stage and (later or position == install.position):
            return True
    return False
