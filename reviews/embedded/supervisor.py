"""Keeps a few programs running: restarts what ends, with growing pauses, and stops all of them in order."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reviews.embedded.parent import SUPERVISED, die_with

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.3
LONGEST_PAUSE_SECONDS = 30.0
STABLE_AFTER_SECONDS = 60.0
TICK_SECONDS = 0.1
GRACE_SECONDS = 4.0


@dataclass(frozen=True)
class Program:
    name: str
    command: Sequence[str]


class Child:
    """One program's process, in a group of its own so that Ctrl-C reaches the supervisor alone."""

    def __init__(self, program: Program, folder: Path, environment: Mapping[str, str]) -> None:
        self.program = program
        self._folder = folder
        self._environment = {**environment, SUPERVISED: "1"}
        self._pause = FIRST_PAUSE_SECONDS
        self._ended_at: float | None = None
        self.start()

    def start(self) -> None:
        self._started_at = time.monotonic()
        self._ended_at = None
        self.process = subprocess.Popen(
            self.program.command,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with(os.getpid()),
        )

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def tend(self) -> None:
        """Start it again, after a pause, if it ended."""
        if self.running:
            return
        now = time.monotonic()
        if self._ended_at is None:
            self._ended_at = now
            stable = now - self._started_at > STABLE_AFTER_SECONDS
            self._pause = FIRST_PAUSE_SECONDS if stable else min(self._pause * 2, LONGEST_PAUSE_SECONDS)
            name, status = self.program.name, self.process.returncode
            logger.warning("%s ended (status %s), starting it again in %.1f s", name, status, self._pause)
            self.kill()
        elif now - self._ended_at >= self._pause:
            self.start()

    def ask_to_stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()

    def kill(self) -> None:
        """The whole group: what the program started ends with it."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


class Supervisor:
    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = dict(environment)
        self._children: list[Child] = []
        self._stopping = False

    def stop_on_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)

    @property
    def stopping(self) -> bool:
        return self._stopping

    def start(self, program: Program) -> Child:
        child = Child(program, self._folder, self._environment)
        self._children.append(child)
        return child

    def run(self) -> None:
        """Until a signal asks to stop."""
        while not self._stopping:
            for child in self._children:
                child.tend()
            time.sleep(TICK_SECONDS)

    def stop(self) -> None:
        """Ask all, wait a little, then kill. A job that is cut off goes on at the next start."""
        self._stopping = True
        for child in self._children:
            child.ask_to_stop()
        deadline = time.monotonic() + GRACE_SECONDS
        while any(child.running for child in self._children) and time.monotonic() < deadline:
            time.sleep(TICK_SECONDS)
        for child in self._children:
            child.kill()
            child.process.wait()

    def _ask_to_stop(self, *_: object) -> None:
        self._stopping = True
