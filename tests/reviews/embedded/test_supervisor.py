from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviews.embedded import supervisor as module
from reviews.embedded.supervisor import Program, Supervisor


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    made = Supervisor(tmp_path, os.environ)
    yield made
    made.stop()


def python(code: str) -> Program:
    return Program("test", [sys.executable, "-c", code])


def test_what_ends_is_started_again_after_a_growing_pause(supervisor: Supervisor, monkeypatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.05)
    child = supervisor.start(python("raise SystemExit(1)"))
    pids, pauses, deadline = {child.process.pid}, set(), time.monotonic() + 20
    while len(pids) < 3 and time.monotonic() < deadline:
        child.tend()
        pids.add(child.process.pid)
        pauses.add(child._pause)
        time.sleep(0.01)
    assert len(pids) == 3
    assert len(pauses) >= 2


def test_what_does_not_stop_when_asked_is_killed(supervisor: Supervisor, monkeypatch) -> None:
    monkeypatch.setattr(module, "GRACE_SECONDS", 0.5)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    child = supervisor.start(python(deaf))
    time.sleep(0.5)
    began = time.monotonic()
    supervisor.stop()
    assert not child.running
    assert time.monotonic() - began < 5


def test_what_a_program_started_ends_with_it(supervisor: Supervisor, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    write_down = f"open({str(note)!r}, 'w').write(str(started.pid))"
    supervisor.start(
        python(f"import subprocess; started = subprocess.Popen(['sleep', '60']); {write_down}; started.wait()")
    )
    deadline = time.monotonic() + 10
    while not (note.exists() and note.read_text()) and time.monotonic() < deadline:
        time.sleep(0.02)
    supervisor.stop()
    time.sleep(0.1)
    status = Path(f"/proc/{note.read_text()}/status")
    assert not status.exists() or "zombie" in status.read_text()
