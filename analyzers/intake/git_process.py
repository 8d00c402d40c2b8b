"""Running the git program: a fixed argument list, an empty environment, a pinned address, and an end to everything."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from analyzers.intake.limits import MIB, Limits, RemotePolicy
from analyzers.intake.urls import Remote
from analyzers.source import SourceError

POLL_SECONDS = 0.05
STDERR_BYTES = 16 * 1024
ASKPASS = """#!/bin/sh
case "$1" in
Username*) echo oauth2 ;;
*) cat "/dev/fd/$TRIMTAB_TOKEN_FD" ;;
esac
"""


class GitFailed(Exception):
    """git ended badly; `message` is for classification only, it may hold what the remote said."""

    def __init__(self, message: str) -> None:
        super().__init__("git failed")
        self.message = message


class Git:
    """One bare repository and the options that every call carries. The token travels by a pipe alone."""

    def __init__(
        self, folder: Path, remote: Remote, address: str, token: str, limits: Limits, policy: RemotePolicy
    ) -> None:
        self.folder = folder
        self.home = folder.with_name("home")
        self.token = token
        self.limits = limits
        self._options = _options(remote, address, limits, policy)

    def init(self) -> None:
        self.home.mkdir(mode=0o700)
        askpass = self.home / "askpass"
        askpass.write_text(ASKPASS)
        askpass.chmod(0o700)
        self._run(["init", "-q", "--bare", "--template=", "--", str(self.folder)], self.limits.clone_seconds)

    def fetch(self, url: str, ref: str) -> None:
        """Raises GitFailed; a limit that was hit starts the message with "limit: "."""
        arguments = ["fetch", "-q", "--depth=1", "--no-tags", "--no-recurse-submodules", "--no-auto-maintenance"]
        self._run(self._in_folder([*arguments, "--", url, ref]), self.limits.clone_seconds, watched=True)

    def output(self, *arguments: str) -> bytes:
        """Output of a local command that cannot grow large."""
        command = ["git", *self._options, *self._in_folder(list(arguments))]
        run = subprocess.run(command, env=self._environment(None), capture_output=True, timeout=60, check=False)
        if run.returncode:
            raise GitFailed(run.stderr[:STDERR_BYTES].decode("utf-8", "replace"))
        return run.stdout

    @contextlib.contextmanager
    def batch(self) -> Iterator[subprocess.Popen[bytes]]:
        """`git cat-file --batch`, ended when the block ends."""
        command = ["git", *self._options, *self._in_folder(["cat-file", "--batch"])]
        pipe = subprocess.PIPE
        with subprocess.Popen(
            command, env=self._environment(None), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def _in_folder(self, arguments: list[str]) -> list[str]:
        return ["--git-dir", str(self.folder), *arguments]

    def _run(self, arguments: list[str], seconds: float, *, watched: bool = False) -> None:
        with _token_pipe(self.token) as descriptor, (self.home / "stderr").open("w+b") as stderr:
            process = subprocess.Popen(
                ["git", *self._options, *arguments],
                env=self._environment(descriptor),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                pass_fds=() if descriptor is None else (descriptor,),
                start_new_session=True,
            )
            try:
                self._wait(process, time.monotonic() + seconds, watched)
            finally:
                _end(process)
            stderr.seek(0)
            if process.returncode:
                raise GitFailed(stderr.read(STDERR_BYTES).decode("utf-8", "replace"))

    def _wait(self, process: subprocess.Popen[bytes], deadline: float, watched: bool) -> None:
        limits = self.limits
        while process.poll() is None:
            if time.monotonic() > deadline:
                raise GitFailed(
                    f"limit: fetching took longer than {limits.clone_seconds:.0f} s; upload an archive instead"
                )
            if watched and _size_bytes(self.folder) > limits.clone_bytes:
                raise GitFailed(
                    f"limit: the repository is larger than {limits.clone_bytes // MIB} MiB; upload an archive instead"
                )
            time.sleep(POLL_SECONDS)

    def _environment(self, descriptor: int | None) -> dict[str, str]:
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.home),
            "LC_ALL": "C",
            "GIT_ALLOW_PROTOCOL": "https",
            "GIT_PROTOCOL_FROM_USER": "0",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_ASKPASS": "/bin/false",
        }
        if descriptor is not None:
            environment |= {"GIT_ASKPASS": str(self.home / "askpass"), "TRIMTAB_TOKEN_FD": str(descriptor)}
        return environment


def _options(remote: Remote, address: str, limits: Limits, policy: RemotePolicy) -> list[str]:
    pinned = f"[{address}]" if ":" in address else address
    settings = [
        "core.hooksPath=/dev/null",
        "core.symlinks=false",
        "core.fsmonitor=false",
        "credential.helper=",
        "fetch.fsckObjects=true",
        "protocol.version=2",
        "http.followRedirects=false",
        f"http.curloptResolve={remote.host}:{remote.port}:{pinned}",
        f"http.lowSpeedLimit={limits.low_speed_bytes_per_second}",
        f"http.lowSpeedTime={limits.low_speed_seconds}",
        *([f"http.sslCAInfo={policy.ca_file}"] if policy.ca_file else []),
    ]
    return [word for setting in settings for word in ("-c", setting)]


@contextlib.contextmanager
def _token_pipe(token: str) -> Iterator[int | None]:
    """A pipe that holds the token, read once by the askpass program; None without a token."""
    if not token:
        yield None
        return
    if len(token) > 4096 or "\n" in token:
        raise SourceError("the token is not a single line of at most 4096 characters")
    reader, sender = os.pipe()
    os.write(sender, token.encode())
    os.close(sender)
    try:
        yield reader
    finally:
        os.close(reader)


def _end(process: subprocess.Popen[bytes]) -> None:
    """The whole process group: git's transport helpers must not outlive it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _size_bytes(folder: Path) -> int:
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(path, name)).st_size
    return total
