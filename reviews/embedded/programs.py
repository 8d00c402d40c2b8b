"""The commands of the programs that make an installation."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from reviews.embedded.supervisor import Program

CELERY = (sys.executable, "-m", "celery", "--app", "config", "--quiet")
CPUS = os.cpu_count() or 1
# Pages are rendered by one thread of a process at a time, so a second process doubles what is held; a third costs 90 MB
WEB_PROCESSES = min(2, CPUS)
WEB_THREADS = 2 * CPUS + 1


def web(host: str, port: int) -> Program:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    options = [
        "--workers",
        str(WEB_PROCESSES),
        "--blocking-threads",
        str(WEB_THREADS),
        "--no-ws",
        "--log-level",
        "warning",
    ]
    lifetime = ["--respawn-failed-workers", "--workers-kill-timeout", "3"]
    return Program("web", [*command, *options, *lifetime, "config.wsgi:application"])


def worker(processes: int) -> Program:
    options = ["--concurrency", str(processes), "-O", "fair", "--loglevel", "WARNING"]
    silence = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return Program("worker", [*CELERY, "worker", *options, *silence])


def scheduler(run_dir: Path) -> Program:
    files = ["--schedule", str(run_dir / "schedule"), "--pidfile", ""]
    return Program("scheduler", [*CELERY, "beat", *files, "--loglevel", "WARNING"])


def default_processes() -> int:
    return min(4, CPUS)
