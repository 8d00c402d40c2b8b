from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from kombu import Connection

from reviews.embedded import broker
from reviews.embedded.supervisor import Program
from tests.reviews.conftest import wait_for_broker

pytestmark = pytest.mark.broker


def carries_a_message(program: Program, url: str) -> bool:
    process = subprocess.Popen(program.command)
    try:
        wait_for_broker(url)
        with Connection(url) as connection:
            queue = connection.SimpleQueue("test")
            queue.put({"id": 1})
            message = queue.get(timeout=5)
            message.ack()
            return bool(message.payload == {"id": 1})
    finally:
        process.terminate()
        assert process.wait(5) == 0


def test_the_embedded_broker_carries_messages_on_a_private_socket(tmp_path: Path) -> None:
    program, url = broker.embedded_broker(tmp_path)
    assert url == f"redis+socket://{tmp_path}/broker.sock"
    assert carries_a_message(program, url)


def test_a_server_on_the_path_is_preferred(tmp_path: Path, monkeypatch) -> None:
    server = tmp_path / "valkey-server"
    server.write_text("#!/bin/sh\n")
    server.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert broker.embedded_broker(tmp_path)[0].command[0] == str(server)


def test_without_any_server_one_in_python_carries_messages(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(broker.shutil, "which", lambda name: None)
    monkeypatch.setattr(broker, "_bundled_server", lambda: None)
    program, url = broker.embedded_broker(tmp_path)
    assert url.startswith("redis://127.0.0.1:")
    assert carries_a_message(program, url)


def test_a_folder_too_deep_for_a_socket_gets_one_elsewhere(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    program, url = broker.embedded_broker(deep)
    socket = Path(url.removeprefix("redis+socket://"))
    assert len(str(socket)) < 100
    assert socket.parent.stat().st_mode & 0o777 == 0o700
    assert carries_a_message(program, url)
    socket.parent.rmdir()
