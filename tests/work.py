"""How much work a call costs, for tests that hold growth against input; never for how fast something is."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def cpu_seconds(run: Callable[[], object], rounds: int = 3) -> float:
    """The best of the rounds, without the collector's pauses: they grow with the whole test run."""
    times = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            start = time.process_time()
            run()
            times.append(time.process_time() - start)
    finally:
        gc.enable()
    return min(times)
