"""What must hold before anything is started: nobody else uses this data, and the port is free."""

from __future__ import annotations

import fcntl
import os
import socket
from pathlib import Path
from typing import IO


class InUse(Exception):
    """One sentence: what is taken, and what to do."""


def lock(run_dir: Path) -> IO[str]:
    """Held for as long as the returned file is open."""
    run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = (run_dir / "up.lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        pid = file.read().strip() or "unknown"
        file.close()
        raise InUse(
            f"Trimtab already runs with the data in {run_dir.parent} (process {pid}): stop it, or give --data DIR"
        ) from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def check_port(host: str, port: int) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except PermissionError as error:
        raise InUse(f"Port {port} needs more rights than this user has: choose one above 1023 with --port") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise InUse(
            f"Port {port} on {host} cannot be used ({reason}): choose another, for example --port {port + 1}"
        ) from error
