"""Programs that only prepare the ground and then become, or start, the command that follows them."""

from __future__ import annotations

from analyzers import regexes as re
from analyzers.records import dataclass

ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
INITS = frozenset({"tini", "tini-static", "dumb-init", "docker-init", "catatonit"})
SUDO = frozenset({"sudo", "su", "runuser"})

# Flags of each wrapper that take a value as the next word.
VALUE_FLAGS: dict[str, frozenset[str]] = {
    "tini": frozenset({"-p", "-e"}),
    "dumb-init": frozenset({"-r", "--rewrite"}),
    "env": frozenset({"-u", "--unset", "-C", "--chdir"}),
    "nice": frozenset({"-n", "--adjustment"}),
    "ionice": frozenset({"-c", "-n"}),
    "chpst": frozenset({"-u", "-U", "-e", "-b", "-/", "-n", "-l", "-m", "-d", "-o", "-p", "-f", "-c"}),
    "s6-setuidgid": frozenset(),
    "setpriv": frozenset({"--pdeathsig", "--selinux-label", "--apparmor-profile"}),
    "timeout": frozenset({"-s", "--signal", "-k", "--kill-after"}),
    "xvfb-run": frozenset({"-e", "-f", "-n", "-p", "-s", "-w", "--server-args", "--server-num", "--error-file"}),
    "opentelemetry-instrument": frozenset(
        {"--traces_exporter", "--metrics_exporter", "--logs_exporter", "--service_name", "--exporter_otlp_endpoint"}
    ),
    "uv": frozenset(
        {"--with", "--extra", "--group", "--no-group", "--project", "--directory", "--env-file", "-p", "--python"}
        | {"--package", "--only-group", "--with-requirements", "--index-url", "--cache-dir", "--config-file"}
    ),
    "poetry": frozenset({"-C", "--directory", "-P", "--project"}),
    "pdm": frozenset({"-p", "--project"}),
    "conda": frozenset({"-n", "--name", "-p", "--prefix", "--cwd"}),
    "sudo": frozenset({"-u", "--user", "-g", "--group", "-h", "-p", "-C", "-r", "-t"}),
    "runuser": frozenset({"-u", "-g", "-G"}),
    "dockerize": frozenset({"-template", "-wait", "-timeout", "-stdout", "-stderr", "-wait-retry-interval", "-env"}),
    "doppler": frozenset({"-p", "--project", "-c", "--config", "-t", "--token"}),
    "strace": frozenset({"-o", "-e", "-p"}),
    "numactl": frozenset(),
    "flock": frozenset({"-w", "-E"}),
    "memray": frozenset({"-o", "--output"}),
    "scalene": frozenset(),
    "coverage": frozenset({"--source", "--rcfile", "--omit", "--include"}),
}
PLAIN = frozenset({"env", "nice", "ionice", "chpst", "setpriv", "xvfb-run", "stdbuf", "nohup", "catchsegv", "time"})
INSTRUMENTS = frozenset({"ddtrace-run", "opentelemetry-instrument", "pyinstrument", "scalene", "strace", "flock"})
ONE_WORD_FIRST = frozenset({"gosu", "su-exec", "s6-setuidgid", "timeout", "setuidgid"})
# Wrappers behind a sub-command, which is dropped with them.
RUNNERS = {
    "uv": ("run",),
    "poetry": ("run",),
    "pipenv": ("run",),
    "pdm": ("run",),
    "hatch": ("run",),
    "rye": ("run",),
    "pixi": ("run",),
    "conda": ("run",),
    "mamba": ("run",),
    "micromamba": ("run",),
    "newrelic-admin": ("run-program", "run-python"),
    "aikido-run": (),
    "doppler": ("run",),
    "infisical": ("run",),
    "coverage": ("run",),
    "memray": ("run",),
}


@dataclass(frozen=True, slots=True)
class Peeled:
    """What is left of a command under one wrapper. `init`: the wrapper is one; `sudo`: it stays as parent.

    `shell` is text for a shell to run (`su user -c "…"`). `env` are assignments that it adds.
    """

    argv: tuple[str, ...]
    wrapper: str
    init: str = ""
    sudo: bool = False
    shell: str = ""
    env: tuple[tuple[str, str], ...] = ()


def peel(argv: tuple[str, ...]) -> Peeled | None:
    """One wrapper taken off, None where the command starts with none."""
    if not argv:
        return None
    name = argv[0].rsplit("/", 1)[-1]
    if ASSIGNMENT.match(argv[0]):
        key, _, value = argv[0].partition("=")
        return Peeled(argv[1:], "", env=((key, value),))
    if name in ("exec", "command"):
        return Peeled(_after_flags(argv[1:], frozenset({"-a"})), "")
    if name in INITS:
        return Peeled(
            _after_flags(argv[1:], VALUE_FLAGS.get(name.partition("-static")[0], frozenset())), name, init=name
        )
    if name in SUDO:
        return _peel_sudo(name, argv)
    return _peel_plain(name, argv)


def _peel_plain(name: str, argv: tuple[str, ...]) -> Peeled | None:
    flags = VALUE_FLAGS.get(name, frozenset())
    if name in PLAIN or name in INSTRUMENTS:
        rest = _after_flags(argv[1:], flags)
        return Peeled(rest[1:] if name == "flock" else rest, name)
    if name in ONE_WORD_FIRST:
        return Peeled(_after_flags(argv[1:], flags)[1:], name)
    if name in RUNNERS:
        return _peel_runner(name, argv, flags)
    if name == "dockerize" or name.startswith(("wait-for", "wait_for", "waitforit")):
        return _peel_waiter(name, argv, flags)
    return None


def _peel_runner(name: str, argv: tuple[str, ...], flags: frozenset[str]) -> Peeled | None:
    rest = _after_flags(argv[1:], flags)
    commands = RUNNERS[name]
    if commands and rest[:1] not in [(command,) for command in commands]:
        return None
    rest = _after_flags(rest[1:] if commands else rest, flags)
    if name in ("coverage", "memray") and rest:
        rest = ("python", *rest)
    return Peeled(rest, f"{name} {commands[0]}" if commands else name)


def _peel_waiter(name: str, argv: tuple[str, ...], flags: frozenset[str]) -> Peeled | None:
    """`wait-for-it.sh host:port -t 30 -- command` and `dockerize -wait tcp://x command`."""
    if "--" in argv:
        return Peeled(argv[argv.index("--") + 1 :], name)
    return Peeled(_after_flags(argv[1:], flags), name) if name == "dockerize" else None


def _peel_sudo(name: str, argv: tuple[str, ...]) -> Peeled:
    """`su user -c "command"` gives text for a shell; `sudo -u user command` gives words."""
    for flag in ("-c", "--command"):
        if name in ("su", "runuser") and flag in argv[:-1]:
            return Peeled((), name, sudo=True, shell=argv[argv.index(flag) + 1])
    rest = _after_flags(argv[1:], VALUE_FLAGS.get(name, frozenset()))
    return Peeled(rest, name, sudo=True)


def _after_flags(words: tuple[str, ...], with_value: frozenset[str]) -> tuple[str, ...]:
    """The words from the first that is no flag on; `--` ends flags."""
    index = 0
    while index < len(words) and words[index].startswith("-"):
        if words[index] == "--":
            return words[index + 1 :]
        index += 2 if words[index] in with_value else 1
    return words[index:]
