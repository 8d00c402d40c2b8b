"""A child that ends with its parent, so that a killed supervisor leaves no process behind."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h
SUPERVISED = "TRIMTAB_SUPERVISED"

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def ask_to_end_with_parent(number: int = signal.SIGTERM) -> None:
    """In this process, from now on: get a signal when the parent dies. Linux only; elsewhere nothing."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, number)


def end_with_parent(**_: object) -> None:
    """For the grandchildren of `manage.py up` (web workers, pool processes), which it did not start itself."""
    if os.environ.get(SUPERVISED):
        ask_to_end_with_parent(signal.SIGKILL)
