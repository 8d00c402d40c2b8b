"""The static audit against hadolint on the same Dockerfiles, in one run.

    python -m bench.static [FOLDER ...] [--rounds N] [--check]

FOLDERs are projects (default: all of tests/corpus). Each project's Dockerfile is audited and linted in turn, round by
round, so that a busy machine slows all alike:

- warm: a full 30-item audit inside this process (walk, gather, judge, report), against one hadolint process
- fresh: a new `python -m analyzers` process, against one hadolint process
- project: as warm, over the whole project instead of its Dockerfile alone

Figures are ratios of medians per file. --check exits 1 beyond the bounds.
"""

from __future__ import annotations

import argparse
import datetime
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from analyzers.audit import run_audit
from analyzers.source import SourceError, from_path
from analyzers.targets import choose_target, find_targets

WARM_BOUND = 0.05
FRESH_BOUND = 1.5
PEAK_BOUND_MB = 60.0
ROOT = Path(__file__).resolve().parent.parent
TODAY = datetime.date(2026, 11, 23)


@dataclass(frozen=True)
class Sample:
    """Medians in seconds, peak memory of the fresh process in MB (10^6 bytes)."""

    name: str
    hadolint_seconds: float
    warm_seconds: float
    fresh_seconds: float
    project_seconds: float
    peak_mb: float


def main() -> int:
    options = _options()
    hadolint = shutil.which("hadolint", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if hadolint is None:
        sys.exit("hadolint is not installed: it comes with requirements/dev.lock")
    samples = list(_samples(options.folders or sorted((ROOT / "tests/corpus").iterdir()), hadolint, options.rounds))
    held = _print(samples)
    return 0 if held or not options.check else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--check", action="store_true")
    return parser.parse_args()


def _samples(folders: list[Path], hadolint: str, rounds: int) -> Iterator[Sample]:
    for folder in folders:
        try:
            dockerfile = choose_target(from_path(folder)).dockerfile
        except SourceError:
            continue
        with tempfile.TemporaryDirectory() as name:
            alone = Path(name)
            shutil.copy(folder / dockerfile, alone / "Dockerfile")
            yield _measure(folder, alone, hadolint, rounds)


def _measure(folder: Path, alone: Path, hadolint: str, rounds: int) -> Sample:
    fresh = [sys.executable, "-m", "analyzers", str(alone), "--format", "json"]
    lint = [hadolint, "--no-fail", str(alone / "Dockerfile")]
    peaks: list[int] = []
    ways: list[Callable[[], object]] = [
        lambda: _process(lint),
        lambda: _audit(alone),
        lambda: peaks.append(_process(fresh)),
        lambda: _audit(folder),
    ]
    for way in ways:
        way()
    times: list[list[float]] = [[_timed(way) for way in ways] for _ in range(rounds)]
    hadolint_seconds, warm, fresh_seconds, project = (statistics.median(column) for column in zip(*times, strict=True))
    return Sample(folder.name, hadolint_seconds, warm, fresh_seconds, project, max(peaks) * 1024 / 1e6)


def _audit(folder: Path) -> None:
    source = from_path(folder)
    run_audit(source, choose_target(source), today=TODAY, targets=find_targets(source)).to_json()


def _process(command: list[str]) -> int:
    """Runs it with no output; its peak resident memory in KiB."""
    with Path(os.devnull).open("w") as null:
        actions = [(os.POSIX_SPAWN_DUP2, null.fileno(), 1), (os.POSIX_SPAWN_DUP2, null.fileno(), 2)]
        # byte code is kept, as in any installation
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}
        pid = os.posix_spawn(command[0], command, environment, file_actions=actions)
    return os.wait4(pid, 0)[2].ru_maxrss


def _timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _print(samples: list[Sample]) -> bool:
    print(f"{'project':32} {'hadolint ms':>11} {'warm ×':>8} {'fresh ×':>8} {'project ×':>9} {'peak MB':>8}")
    for s in samples:
        ratios = (s.warm_seconds, s.fresh_seconds, s.project_seconds)
        warm, fresh, project = (seconds / s.hadolint_seconds for seconds in ratios)
        print(f"{s.name:32} {1e3 * s.hadolint_seconds:11.1f} {warm:8.3f} {fresh:8.2f} {project:9.3f} {s.peak_mb:8.1f}")
    lint = statistics.median(s.hadolint_seconds for s in samples)
    warm = statistics.median(s.warm_seconds for s in samples) / lint
    fresh = statistics.median(s.fresh_seconds for s in samples) / lint
    project = statistics.median(s.project_seconds for s in samples) / lint
    peak = max(s.peak_mb for s in samples)
    print(f"\nmedian of {len(samples)} files, hadolint = 1 ({1e3 * lint:.1f} ms)")
    print(f"  warm process        {warm:7.3f}   bound {WARM_BOUND}")
    print(f"  fresh process       {fresh:7.2f}   bound {FRESH_BOUND}")
    print(f"  peak memory, MB     {peak:7.1f}   bound {PEAK_BOUND_MB:.0f}")
    print(f"  whole project, warm {project:7.3f}   for comparison: more is read than the one file")
    return warm <= WARM_BOUND and fresh <= FRESH_BOUND and peak <= PEAK_BOUND_MB


if __name__ == "__main__":
    sys.exit(main())
