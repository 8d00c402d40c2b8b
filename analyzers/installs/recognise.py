"""Which package manager run a call is, whatever the family."""

from __future__ import annotations

from analyzers.installs import node, other, pip, python, system
from analyzers.installs.runs import Call, Run

_READERS = (system.read, pip.read, python.read, node.read, other.read)


def recognise(call: Call) -> Run | None:
    """None where the call is no package manager, or installs nothing."""
    return next((run for reader in _READERS if (run := reader(call)) is not None), None)
