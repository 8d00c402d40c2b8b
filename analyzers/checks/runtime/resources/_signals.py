"""Whether the stop signal reaches a process that handles it."""

from __future__ import annotations

from analyzers.artifacts.deployment import Where
from analyzers.artifacts.processes import Process

HANDLED_OTHERWISE = {
    "python-script": ("SIGINT",),
    "flask-run": ("SIGINT",),
    "runserver": ("SIGINT",),
    "waitress": ("SIGINT",),
    "uwsgi": ("SIGINT", "SIGQUIT"),
    "nginx": ("SIGQUIT",),
    "mod_wsgi": ("SIGWINCH",),
    "node": (),
}
NUMBERS = {"2": "SIGINT", "3": "SIGQUIT", "9": "SIGKILL", "15": "SIGTERM", "28": "SIGWINCH"}


def broken(process: Process) -> tuple[str, Where] | None:
    """What keeps the stop signal from the server whatever that server does: the message and its place."""
    if process.daemons:
        return f"it starts {', '.join(process.daemons)} with no supervisor", process.where
    if process.sudo:
        return "`sudo` or `su` stays in front of the server as PID 1", process.where
    if process.execs or process.init:
        return None
    place = process.broken_at or process.where
    if process.form == "shell" and not process.via:
        return "the command is in shell form, so a shell is PID 1 and the stop signal ends there", place
    return "a shell wrapper does not `exec` its last command, so the stop signal ends there", place


def handled(process: Process) -> bool | None:
    """The process that the stop signal reaches acts on it; None where that cannot be told."""
    if process.init:
        return True
    signal = stop_signal(process)
    if signal == "SIGKILL":
        return False
    names = [server.name for server in process.servers]
    if signal != "SIGTERM" and names and all(signal in HANDLED_OTHERWISE.get(name, ()) for name in names):
        return True
    return process.handles_term


def stop_signal(process: Process) -> str:
    """ "SIGTERM" where nothing sets another."""
    written = process.stop_signal.upper().strip()
    named = NUMBERS.get(written, written) or "SIGTERM"
    return named if named.startswith("SIG") else f"SIG{named}"
