"""`python -m analyzers`: audit a folder or a git link from the shell."""

from __future__ import annotations

import gc
import os
import sys

# One audit is over before cyclic garbage matters, and its memory needs no tidying at the end.
gc.disable()

from analyzers.cli import main  # noqa: E402

status = main(sys.argv[1:])
sys.stdout.flush()
sys.stderr.flush()
os._exit(status)
