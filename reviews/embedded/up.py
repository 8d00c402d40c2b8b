"""`manage.py up`: web, worker, scheduler and a private broker on this machine, until Ctrl-C.

The supervisor never loads Django: it stays small, and the web server starts while the database is being prepared.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from reviews.embedded import programs
from reviews.embedded.broker import embedded_broker
from reviews.embedded.guard import InUse, check_port, lock
from reviews.embedded.supervisor import Child, Supervisor

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT_SECONDS = 120.0
PAUSE_SECONDS = 0.03
INTERNAL_ERROR = 500
LOOPBACK = "127.0.0.1"
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound


class NotStarted(Exception):
    """One sentence: what went wrong; details are on stderr above it."""


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    data = Path(options.data).resolve()
    try:
        with lock(data / "run"):
            check_port(options.host, options.port)
            _run(options, data)
    except (InUse, NotStarted) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="up", description="Run everything on this machine; Ctrl-C stops it.")
    parser.add_argument("--host", default=LOOPBACK, help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")
    default = os.environ.get("TRIMTAB_DATA") or str(ROOT / "data")
    parser.add_argument(
        "--data", metavar="DIR", default=default, help="where everything is kept (default: %(default)s)"
    )
    parser.add_argument("--workers", type=int, default=programs.default_processes(), help="audits at the same time")
    return parser


def _run(options: argparse.Namespace, data: Path) -> None:
    broker, broker_url = embedded_broker(data / "run")
    environment = _environment(options.host, options.port, data)
    if _own_broker(environment):
        broker = None
    else:
        environment["TRIMTAB_BROKER_URL"] = broker_url
    supervisor = Supervisor(ROOT, environment)
    supervisor.stop_on_signals()
    try:
        web = supervisor.start(programs.web(options.host, options.port))
        setup_path = _prepare(environment)
        if broker is not None:
            supervisor.start(broker)
        _announce(supervisor, web, options, setup_path)
        supervisor.start(programs.worker(options.workers))
        supervisor.start(programs.scheduler(data / "run"))
        supervisor.run()
    finally:
        supervisor.stop()


def _environment(host: str, port: int, data: Path) -> dict[str, str]:
    environment = dict(os.environ) | {"TRIMTAB_DATA": str(data)}
    environment.setdefault("TRIMTAB_URL", f"http://localhost:{port}")
    if host not in EVERY_ADDRESS:
        environment["TRIMTAB_ALLOWED_HOSTS"] = f"{environment.get('TRIMTAB_ALLOWED_HOSTS', '')},{_in_url(host)}"
    return environment


def _own_broker(environment: dict[str, str]) -> bool:
    """An operator's broker is used, not started."""
    return bool(environment.get("TRIMTAB_BROKER_URL") or environment.get("TRIMTAB_BROKER_URL_FILE"))


def _shared_database(environment: dict[str, str]) -> bool:
    return bool(environment.get("TRIMTAB_DATABASE_URL") or environment.get("TRIMTAB_DATABASE_URL_FILE"))


def _prepare(environment: dict[str, str]) -> str:
    """The path that creates the first account, "" where there is one."""
    command = [sys.executable, str(ROOT / "manage.py"), "prepare"]
    if not _shared_database(environment):
        # the lock on the data directory says that nobody else works on it
        command.append("--alone")
    run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if run.returncode:
        raise NotStarted("The database could not be prepared: the messages above say why")
    return run.stdout.strip()


def _announce(supervisor: Supervisor, web: Child, options: argparse.Namespace, setup_path: str) -> None:
    """Once the first page can be had. The other programs start after it, so that they do not slow it down."""
    host = LOOPBACK if options.host in EVERY_ADDRESS else _in_url(options.host)
    if not _answers(supervisor, web, f"http://{host}:{options.port}/healthz"):
        if not supervisor.stopping:
            raise NotStarted("The web server did not start: its messages above say why")
        return
    address = f"http://{'localhost' if host == LOOPBACK else host}:{options.port}"
    sys.stdout.write(f"Trimtab is ready: {address}/\n")
    if setup_path:
        sys.stdout.write(f"Create the first account: {address}{setup_path}\n")
    sys.stdout.flush()


def _answers(supervisor: Supervisor, web: Child, url: str) -> bool:
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < deadline and web.running and not supervisor.stopping:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own http address
                return True
        except urllib.error.HTTPError as error:
            if error.code == INTERNAL_ERROR:
                return False
            time.sleep(PAUSE_SECONDS)
        except OSError:
            time.sleep(PAUSE_SECONDS)
    return False


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
