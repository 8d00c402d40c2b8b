from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviews.embedded import up
from reviews.embedded.broker import free_port
from reviews.embedded.guard import InUse, check_port, lock


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield int(server.getsockname()[1])


def test_a_taken_port_is_named_with_another_to_try(taken_port: int) -> None:
    with pytest.raises(InUse, match=rf"Port {taken_port} on 127.0.0.1 .* --port {taken_port + 1}"):
        check_port("127.0.0.1", taken_port)


def test_a_free_port_is_fine() -> None:
    check_port("127.0.0.1", free_port())


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(InUse, match=r"203\.0\.113\.1"):
        check_port("203.0.113.1", 8000)


def test_data_is_used_by_one_installation_at_a_time(tmp_path: Path) -> None:
    with lock(tmp_path / "run"), pytest.raises(InUse, match=rf"process {os.getpid()}\): stop it, or give --data DIR"):
        lock(tmp_path / "run")


def test_data_is_free_again_after_a_stop(tmp_path: Path) -> None:
    with lock(tmp_path / "run"):
        pass
    with lock(tmp_path / "run"):
        assert (tmp_path / "run").stat().st_mode & 0o777 == 0o700


def test_up_says_what_is_wrong_in_one_line(taken_port: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert up.main(["--port", str(taken_port), "--data", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith(f"error: Port {taken_port} on 127.0.0.1 cannot be used")


def test_the_supervisor_does_not_load_django() -> None:
    code = "import sys; from reviews.embedded import up; sys.exit('django' in sys.modules or 'celery' in sys.modules)"
    assert os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", code]) == 0
