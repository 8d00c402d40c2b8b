"""Fill the private environment .venv from a lock, every file checked against its hash: install.py runtime|dev

uv does it in seconds; where uv cannot be had or does not reach what pip reaches, pip does it. Neither index nor host is
named here: what the machine's pip is configured with is used. Standard library only; runs on the machine's own Python.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE.parent / ".venv"
PYTHON = VENV / "bin" / "python"
# What pip is told by its configuration, and where uv reads the same
UV_NAMES = {
    "global.index-url": "UV_DEFAULT_INDEX",
    "global.extra-index-url": "UV_INDEX",
    "global.find-links": "UV_FIND_LINKS",
    "global.cert": "SSL_CERT_FILE",
}
NO_INSTALLER = """This Python ({python}) has neither pip nor ensurepip, so nothing can be installed.
Install one of them (Debian, Ubuntu: apt-get install python3-venv python3-pip), then try again."""


def main(name: str) -> int:
    lock = HERE / f"{name}.lock"
    say(f"Setting up the private environment in {VENV} (only when the lock has changed) …")
    pip = make_environment()
    if pip is None:
        say(NO_INSTALLER.format(python=sys.executable))
        return 1
    if with_uv(pip, lock) or with_pip(pip, lock):
        return 0
    say("The dependencies could not be installed: the messages above say why.")
    return 1


def make_environment() -> list[str] | None:
    """Create .venv and return the pip command that installs into it, None where there is none."""
    if not works(str(PYTHON), "import sys"):
        shutil.rmtree(VENV, ignore_errors=True)
        venv.create(VENV, symlinks=True, with_pip=works(sys.executable, "import ensurepip") and not has_pip())
    if has_pip():
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    return [str(PYTHON), "-m", "pip"] if works(str(PYTHON), "import pip") else None


def has_pip() -> bool:
    """A pip of the machine that knows `--python` (22.3, which Python 3.11 brings)."""
    return works(sys.executable, "import pip; assert tuple(map(int, pip.__version__.split('.')[:2])) >= (22, 3)")


def with_uv(pip: list[str], lock: Path) -> bool:
    """The uv of the lock, put into the environment first. Quiet: where it fails, pip has the last word."""
    with tempfile.TemporaryDirectory() as folder:
        alone = Path(folder) / "uv.txt"
        alone.write_text(locked("uv", lock.read_text(encoding="utf-8")), encoding="utf-8")
        install = [*pip, "install", "--quiet", "--require-hashes", "--no-deps", "-r", str(alone)]
        if not succeeds(install):
            return False
    # install, not sync: `./run` leaves the tools of `./test` where they are
    install = [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--require-hashes", "--compile-bytecode"]
    environment = {**os.environ, **uv_environment(pip), "UV_HTTP_TIMEOUT": "20"}
    return succeeds([*install, "--python", str(PYTHON), "-r", str(lock)], environment)


def with_pip(pip: list[str], lock: Path) -> bool:
    return succeeds([*pip, "install", "--require-hashes", "--no-deps", "-r", str(lock)], quiet=False)


def locked(package: str, lock: str) -> str:
    """The package's own entry of a lock: its line and those that continue it."""
    entry = re.search(rf"^{re.escape(package)}==(?:.*\\\n)*.*\n", lock, re.MULTILINE)
    return entry[0] if entry else ""


def uv_environment(pip: list[str]) -> dict[str, str]:
    # the hashes decide what is installed, so the first index that has it may give it
    found = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    for key, name in UV_NAMES.items():
        run = subprocess.run([*pip, "config", "get", key], capture_output=True, text=True, check=False)
        if run.returncode == 0 and name not in os.environ:
            found[name] = " ".join(run.stdout.split())
    return found


def say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


def works(python: str, code: str) -> bool:
    return Path(python).exists() and succeeds([python, "-c", code])


def succeeds(command: list[str], environment: dict[str, str] | None = None, quiet: bool = True) -> bool:
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, env=environment, stdout=output, stderr=output, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
