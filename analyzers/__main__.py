"""`python -m analyzers`: audit a folder or a git link from the shell."""

from __future__ import annotations

import sys

from analyzers.cli import main

sys.exit(main(sys.argv[1:]))
