"""A process that ends with its parent, so that a killed supervisor leaves nothing behind."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1  # linux/prctl.h
SUPERVISED = "TRIMTAB_SUPERVISED"

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with(parent: int) -> Callable[[], None]:
    """For `preexec_fn`: the new process is killed when process `parent` dies. Linux only; elsewhere nothing."""

    def prepare() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def end_with_parent(**_: object) -> None:
    """For what a supervised program starts itself (web workers, pool processes): end with that program."""
    if os.environ.get(SUPERVISED):
        die_with(os.getppid())()
