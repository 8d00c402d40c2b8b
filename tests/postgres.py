"""A private PostgreSQL server for the tests: its own cluster in a temporary folder, on a unix socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# initdb refuses to run as root
SERVER_USER = "postgres"


@contextmanager
def cluster() -> Iterator[str]:
    """The URL of an empty database."""
    programs = server_programs()
    if programs is None:
        raise FileNotFoundError("no PostgreSQL server is installed: tests/components.sh says how to install one")
    folder = Path(tempfile.mkdtemp(prefix="trimtab-pg-"))
    try:
        if os.geteuid() == 0:
            os.chown(folder, *_ids())
        with _running(programs, folder):
            yield f"postgresql://{SERVER_USER}@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def server_programs() -> Path | None:
    """The folder of initdb and pg_ctl: on PATH, or where Debian keeps each version's."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


@contextmanager
def _running(programs: Path, folder: Path) -> Iterator[None]:
    data = folder / "data"
    _run(programs / "initdb", "-D", data, "-U", SERVER_USER, "-A", "trust", "-E", "UTF8", "--no-sync")
    # speed over durability: this cluster lives for one test run
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    _run(programs / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
    try:
        yield
    finally:
        _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _run(program: Path, *arguments: object) -> None:
    user = SERVER_USER if os.geteuid() == 0 else None
    groups = [] if user else None
    command = [str(program), *map(str, arguments)]
    subprocess.run(
        command,
        check=True,
        cwd="/",
        stdout=subprocess.DEVNULL,
        user=user,
        group=_ids()[1] if user else None,
        extra_groups=groups,
    )


def _ids() -> tuple[int, int]:
    entry = pwd.getpwnam(SERVER_USER)
    return entry.pw_uid, entry.pw_gid
