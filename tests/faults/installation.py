"""A whole installation of its own: real processes, real files, started by the command that users start."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from reviews.embedded.broker import free_port

ROOT = Path(__file__).resolve().parents[2]
IN_HURRY = {"TRIMTAB_LEASE_SECONDS": "2", "TRIMTAB_REAP_SECONDS": "1", "TRIMTAB_RENUDGE_SECONDS": "1"}
SETTINGS = """
import django; django.setup()
from reviews import queue
from reviews.models import *
from reviews.services.accounts import ensure_personal_team
from reviews.services.projects import create_project_from_upload, create_sample_project
"""


class Installation:
    """`start()` returns once the first page answers. All times are short, so that recovery takes seconds."""

    def __init__(self, data: Path, **environment: str) -> None:
        self.data = data
        self.port = free_port()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TRIMTAB_")}
        self.environment = clean | IN_HURRY | {"TRIMTAB_DATA": str(data), "DJANGO_SETTINGS_MODULE": "config.settings"}
        self.environment |= environment
        self.log = data / "log.txt"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, str(ROOT / "manage.py"), "up", "--port", str(self.port), "--workers", "1"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        wait_until(lambda: "Trimtab is ready" in self.log.read_text(), 60, self.log)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(15)

    def get(self, path: str) -> int:
        with urllib.request.urlopen(self.url + path, timeout=5) as response:
            return int(response.status)

    def children(self, name: str) -> list[psutil.Process]:
        """The programs that the supervisor started whose command has the word `name`."""
        return [child for child in psutil.Process(self.process.pid).children() if name in child.cmdline()]

    def broker(self) -> psutil.Process:
        """Servers rewrite their command line, but keep the socket's name in it."""
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if "broker.sock" in " ".join(child.cmdline()))

    def everything(self) -> list[psutil.Process]:
        """Each process of this installation, however it came to be, known by its environment."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def kill_group(self, name: str) -> None:
        for child in self.children(name):
            os.killpg(child.pid, signal.SIGKILL)

    def call(self, code: str) -> Any:
        """Run Python inside the installation; what `answer` holds comes back."""
        code = SETTINGS + textwrap.dedent(code) + "\nimport json; print('\\n' + json.dumps(answer))"
        run = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout.splitlines()[-1])

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.data / "trimtab.sqlite3", timeout=20) as database:
            return database.execute(query).fetchall()

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            environment = process.environ()
            return environment.get("TRIMTAB_DATA") == str(self.data) and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False


def wait_until(condition: Callable[[], bool], seconds: float, log: Path | None = None) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(log.read_text() if log else "the condition did not come about")
        time.sleep(0.02)
