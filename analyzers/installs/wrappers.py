"""Taking off what only wraps a command: sudo, env, xargs, time, `python -m`, `bash -c` and their like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analyzers import regexes as re
from analyzers.dockerfile.commands import Command
from analyzers.dockerfile.shell import inner_script, read_script
from analyzers.installs.runs import Call

DEPTH_LIMIT = 4
PEEL_LIMIT = 10

_PYTHON = re.compile(r"(?:python|pypy)[0-9.]*$")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_PIP = re.compile(r"pip[0-9.]*$")

# Options of each wrapper that take a value.
_PLAIN: Mapping[str, frozenset[str]] = {
    "sudo": frozenset({"-u", "-g", "-h", "-p", "-C", "-r", "-t", "--user", "--group"}),
    "doas": frozenset({"-u"}),
    "env": frozenset({"-u", "--unset", "-C", "--chdir"}),
    "xargs": frozenset({"-a", "-n", "-I", "-P", "-L", "-d", "-s", "-E", "--arg-file", "--max-args", "--max-procs"}),
    "nice": frozenset({"-n"}),
    "ionice": frozenset({"-c", "-n"}),
    "stdbuf": frozenset({"-i", "-o", "-e"}),
    "time": frozenset({"-f", "-o"}),
    "eatmydata": frozenset(),
    "nohup": frozenset(),
    "command": frozenset(),
    "exec": frozenset({"-a"}),
    "builtin": frozenset(),
    "chronic": frozenset(),
    "unbuffer": frozenset(),
    "corepack": frozenset(),
}
_ONE_ARGUMENT = frozenset({"timeout", "gosu", "su-exec", "chroot"})
_RUNNERS = frozenset({"poetry", "pipenv", "pdm", "conda", "mamba", "micromamba", "pyenv", "rye", "hatch"})
_RUNNER_VALUES = frozenset({"-n", "--name", "-p", "--prefix", "-C", "--directory", "--project"})


def calls(command: Command, env: Mapping[str, str], depth: int = 0) -> Iterator[tuple[Command, Call]]:
    """The programs that a command really runs; of `sh -c '…'` each one inside, at the outer command's lines."""
    argv, own = _peeled(command.argv, {**env, **dict(command.assignments)})
    if not argv:
        return
    inner = _inner(command, argv)
    if inner is None:
        yield command, Call(argv[0], argv[1:], own)
    elif depth < DEPTH_LIMIT:
        for found in read_script(inner, env=own, line_at=lambda _: command.line).commands:
            conditional = command.conditional or found.conditional
            outer = Command(found.argv, command.line, command.end_line, found.operator, found.assignments,
                            found.redirects, conditional, command.function, True, found.stdin)  # fmt: skip
            yield from calls(outer, own, depth + 1)


def _inner(command: Command, argv: tuple[str, ...]) -> str | None:
    name = argv[0].rsplit("/", 1)[-1]
    if name in ("su", "runuser") and "-c" in argv[:-1]:
        return argv[argv.index("-c") + 1]
    return inner_script(Command(argv, command.line, command.end_line))


def _peeled(argv: tuple[str, ...], env: dict[str, str]) -> tuple[tuple[str, ...], dict[str, str]]:
    for _ in range(PEEL_LIMIT):
        peeled = _peel(argv, env)
        if peeled == argv:
            break
        argv = peeled
    return argv, env


def _peel(argv: tuple[str, ...], env: dict[str, str]) -> tuple[str, ...]:
    if len(argv) < 2:
        return argv
    name = argv[0].rsplit("/", 1)[-1]
    if name in _PLAIN:
        return _after_assignments(_after_options(argv[1:], _PLAIN[name]), env)
    if name == "runuser" and "-u" in argv[1:3]:
        return _after_options(argv[1:], frozenset({"-u", "-g", "-G", "--group"}))
    if name in _ONE_ARGUMENT:
        return _after_options(argv[1:], frozenset({"-s", "-k"}))[1:]
    if _PYTHON.match(name) and "-m" in argv[1:4]:
        return _module(argv)
    if name in _RUNNERS and argv[1] in ("run", "exec"):
        return _after_options(argv[2:], _RUNNER_VALUES)
    if name == "uv" and argv[1] == "run" and (rest := _after_options(argv[2:], _RUNNER_VALUES)):
        return rest if _PIP.match(rest[0].rsplit("/", 1)[-1]) else argv
    return argv


def _module(argv: tuple[str, ...]) -> tuple[str, ...]:
    """`/venv/bin/python -m pip` as `/venv/bin/pip`."""
    rest = argv[argv.index("-m") + 1 :]
    folder, slash, _ = argv[0].rpartition("/")
    return (folder + slash + rest[0], *rest[1:]) if rest else argv


def _after_options(words: tuple[str, ...], valued: frozenset[str]) -> tuple[str, ...]:
    index = 0
    while index < len(words) and words[index].startswith("-"):
        index += 2 if words[index] in valued else 1
    return words[index:]


def _after_assignments(words: tuple[str, ...], env: dict[str, str]) -> tuple[str, ...]:
    index = 0
    while index < len(words) and _ASSIGNMENT.match(words[index]):
        name, _, value = words[index].partition("=")
        env[name] = value
        index += 1
    return words[index:]
