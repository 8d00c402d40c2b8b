"""The set-up scripts: what they install from, and what they say when they cannot."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))

_spec = importlib.util.spec_from_file_location("install", ROOT / "requirements" / "install.py")
assert _spec is not None
assert _spec.loader is not None
install = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(install)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Only what setting up needs."""
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    for name in ("run", "test"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def start(copy: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [str(copy / "run"), "manage", "check"]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)


def pretend_python(copy: Path, body: str) -> None:
    python = copy / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\n{body}\n")
    python.chmod(0o755)


def stamp(copy: Path, name: str) -> None:
    with (copy / "requirements" / f"{name}.lock").open("rb") as lock:
        checksum = subprocess.run(["cksum"], stdin=lock, capture_output=True, text=True, check=True).stdout.strip()
    (copy / ".venv" / ".stamp").write_text(f"{name} {checksum}")


def test_without_a_python_it_says_what_to_install(copy: Path) -> None:
    run = start(copy, TRIMTAB_PYTHON="nonsense")
    assert run.returncode == 1
    assert "needs Python 3.11 or newer" in run.stderr
    assert "apt-get install python3" in run.stderr


def test_a_python_that_is_too_old_is_not_used(copy: Path) -> None:
    old = copy / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    assert start(copy, TRIMTAB_PYTHON=str(old)).returncode == 1


@pytest.mark.parametrize("name", ["runtime", "dev"])
def test_nothing_is_set_up_again_while_the_lock_is_the_same(copy: Path, name: str) -> None:
    pretend_python(copy, 'echo "started $*"')
    stamp(copy, name)
    run = start(copy, TRIMTAB_PYTHON="nonsense")
    assert run.stdout.splitlines()[-1].endswith("manage.py check")


def test_a_changed_lock_is_set_up_anew(copy: Path) -> None:
    pretend_python(copy, "exit 0")
    stamp(copy, "runtime")
    with (copy / "requirements" / "runtime.lock").open("a") as lock:
        lock.write("# changed\n")
    assert "needs Python" in start(copy, TRIMTAB_PYTHON="nonsense").stderr


def test_the_installer_comes_from_the_lock_with_its_hashes() -> None:
    entry = install.locked("uv", (ROOT / "requirements" / "runtime.lock").read_text())
    assert entry.startswith("uv==")
    assert entry.count("--hash=sha256:") > 5
    assert "==" not in entry[4:].split("\n", 1)[1]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_no_host(lock: Path) -> None:
    assert "://" not in lock.read_text()
    assert "--index" not in lock.read_text()


@pytest.mark.parametrize("script", ["run", "test", ".ci/run", "tests/components.sh", "requirements/environment.sh"])
def test_scripts_are_plain_shell(script: str) -> None:
    assert subprocess.run(["sh", "-n", str(ROOT / script)], check=False).returncode == 0
