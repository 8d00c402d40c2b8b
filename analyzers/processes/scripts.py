"""Shell scripts: which of their commands stays, and whether it takes the shell's place."""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Callable, Iterable, Mapping

from analyzers import regexes as re
from analyzers.artifacts.deployment import Where
from analyzers.dockerfile.commands import Command
from analyzers.dockerfile.shell import Syntax, read_script, read_syntax
from analyzers.processes import execline, options
from analyzers.processes.image_files import ImageFile
from analyzers.processes.setting import Surroundings
from analyzers.processes.trace import Trace
from analyzers.records import dataclass, replace

Follow = Callable[[tuple[str, ...], Surroundings, Trace, int], None]

NOISE = frozenset(
    {"echo", "printf", "export", "cd", "[", "[[", "test", "true", ":", "shift", "trap", "set", "unset", "local"}
    | {"return", ".", "source", "readonly", "declare", "umask", "ulimit", "mkdir", "chown", "chmod", "date", "false"}
)
WAITING = frozenset({"wait", "tail"})
SELF_DAEMONS = frozenset({"service", "cron", "crond", "sshd", "nginx", "redis-server", "memcached", "rsyslogd"})
VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)")
REQUOTED = re.compile(r"""\$\(printf\s+['"]\s*%q\s*['"]\s+"\$[@*]"\)""")
UNREAD_LINE = re.compile(r"line (\d{1,6}):")
UNREAD_LINES_LIMIT = 5
KEPT_CHARACTERS = 16 * 1024
REST = re.compile(r"\$\{?[@*]\}?")
SLICE = re.compile(r"\$\{[@*]:(\d)(?::\d+)?\}")


@dataclass(frozen=True, slots=True)
class _Reading:
    """A script being followed. `at` gives the place of one of its lines."""

    text: str
    args: tuple[str, ...]
    at: Callable[[int], Where]


def follow_text(
    text: str, args: tuple[str, ...], around: Surroundings, trace: Trace, follow: Follow, depth: int
) -> None:
    """Text given to a shell: it stands at one place, whatever its lines."""
    _follow(_Reading(text, args, lambda _: around.where), around, trace, follow, depth)


def follow_file(
    file: ImageFile, args: tuple[str, ...], around: Surroundings, trace: Trace, follow: Follow, depth: int
) -> None:
    trace.went_through(file.where.path, file.where)
    if "execlineb" in file.text.partition("\n")[0]:
        return follow(execline.command(file.text), around.at(file.where), trace, depth + 1)
    return _follow(_Reading(file.text, args, file.at), around.at(file.where), trace, follow, depth)


def _follow(reading: _Reading, around: Surroundings, trace: Trace, follow: Follow, depth: int) -> None:
    commands = _commands(reading, around.env)
    main = _main(commands)
    if main is None or main.conditional or _ends_in_a_choice(commands, main):
        # A variable that nothing sets is empty when the container starts.
        settled = _commands(reading, _with_empty(reading.text, around.env))
        commands, main = (settled, _main(settled) or main) if _main(settled) is not None else (commands, main)
    lasting = [c for c in commands if c is not main and _stays(c, reading, around, follow, depth)]
    if main is None or main.name in WAITING:
        return _only_background(lasting, main, reading, around, trace, follow, depth)
    _follow_main(main, commands, reading, around, trace, follow, depth)
    if lasting and trace.lasting:
        trace.daemons = (*(_label(c) for c in lasting), *(server.name for server in trace.servers))
    return None


def _follow_main(
    main: Command,
    commands: list[Command],
    reading: _Reading,
    around: Surroundings,
    trace: Trace,
    follow: Follow,
    depth: int,
) -> None:
    before = commands[: next(i for i, command in enumerate(commands) if command is main)]
    where = reading.at(main.line)
    argv = _expanded(main, before, reading.args)
    inside = _entered(before, around.with_env(*_exported(before), *main.assignments)).at(where)
    if main.name in (".", "source"):
        return follow(("sh", *argv[1:]), inside, trace, depth + 1)
    if main.name == "eval":
        argv = options.split(" ".join(argv[1:]))
    if argv[:1] != ("exec",) or main.operator == "|":
        trace.breaks(where)
    return follow(argv, inside, trace, depth + 1)


def _commands(reading: _Reading, env: Mapping[str, str]) -> list[Command]:
    positional = {str(index): word for index, word in enumerate(reading.args[:9], 1)}
    count = {"#": str(len(reading.args))}
    commands = _readable(reading.text, {**env, **positional, **count})
    called = _called(commands)
    return [c for c in commands if (c.argv or c.assignments) and (c.function is None or c.function in called)]


def _readable(text: str, env: Mapping[str, str]) -> tuple[Command, ...]:
    """The script's commands. A line that the reader stumbles over is passed over; where that does not help, the last
    line still counts, for what matters stands at the end."""
    text = REQUOTED.sub("$@", text)
    script = read_script(text, env=env, syntax=_syntax(text) if len(text) <= KEPT_CHARACTERS else None)
    lines = text.splitlines()
    for _ in range(UNREAD_LINES_LIMIT):
        stumbled = UNREAD_LINE.match(script.why)
        if script.complete or stumbled is None or not 0 < int(stumbled[1]) <= len(lines):
            break
        lines[int(stumbled[1]) - 1] = ":"
        script = read_script("\n".join(lines), env=env)
    return script.commands if script.complete else (*script.commands, *_last_line(text, env))


@functools.lru_cache(maxsize=64)
def _syntax(text: str) -> Syntax:
    """Entrypoints are read again for each service and each environment."""
    return read_syntax(text)


def _last_line(text: str, env: Mapping[str, str]) -> tuple[Command, ...]:
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip() and line[:1] != "#"]
    number, line = lines[-1] if lines else (1, "")
    commands = read_script(line, env=env).commands if line.startswith("exec ") else ()
    return tuple(replace(command, line=number, end_line=number) for command in commands)


def _called(commands: Iterable[Command]) -> set[str]:
    """Functions that run: called outside of functions, or by one that runs."""
    by_function: dict[str | None, set[str]] = {}
    for command in commands:
        by_function.setdefault(command.function, set()).add(command.name)
    called: set[str] = set()
    pending = by_function.get(None, set())
    while pending:
        called |= pending
        pending = {name for function in pending for name in by_function.get(function, set())} - called
    return called


def _with_empty(text: str, env: Mapping[str, str]) -> dict[str, str]:
    names = {match[1] for match in VARIABLE.finditer(text)}
    return {**dict.fromkeys(names, ""), **env}


def _main(commands: list[Command]) -> Command | None:
    """The command that the script ends in: the last one in the foreground that is no mere preparation."""
    meaning = [c for c in commands if c.argv and c.name not in NOISE and not c.subshell and c.argv != ("exec",)]
    meaning = [c for c in meaning if not c.argv[0].startswith(("<", ">"))]
    ending = [c for c in meaning if c.name != "exit" and not c.background]
    certain = [c for c in ending if not c.conditional]
    execs = [c for c in ending if c.name == "exec"]
    if certain and (certain[-1] is ending[-1] or not execs or execs[-1].line < certain[-1].line):
        return _head_of_pipe(certain[-1], commands)
    return next(iter([*execs[-1:], *ending[-1:]]), None)


def _ends_in_a_choice(commands: list[Command], main: Command) -> bool:
    """Commands that may or may not run follow the one that surely does."""
    after = commands[next(i for i, command in enumerate(commands) if command is main) + 1 :]
    return any(c.conditional and c.argv and c.name not in NOISE and c.name != "exit" for c in after)


def _head_of_pipe(command: Command, commands: list[Command]) -> Command:
    """Of `server | tee log`, the server."""
    index = next(i for i, other in enumerate(commands) if other is command)
    while index and commands[index].operator == "|":
        index -= 1
    return commands[index] if commands[index].argv else command


def _stays(command: Command, reading: _Reading, around: Surroundings, follow: Follow, depth: int) -> bool:
    """A command that leaves something running behind it."""
    if command.conditional or not command.argv or command.name == "exec" or command.subshell:
        return False
    if _goes_to_background(command):
        return True
    if not command.background:
        return False
    inner = Trace()
    follow(_expanded(command, [], reading.args), around, inner, depth + 2)
    return inner.lasting


def _goes_to_background(command: Command) -> bool:
    """By itself, without `&`: `service x start`, `nginx` as it is by default, `gunicorn --daemon`."""
    words = command.argv
    if command.name == "service":
        return words[2:3] == ("start",)
    if command.name in SELF_DAEMONS:
        foreground = any("daemon off" in word for word in words) or options.present(words, "-f", "-n", "-t", "-v")
        return command.background or not foreground
    detached = options.present(words, "--daemon", "--daemonize", "--detach", "-D")
    return bool(detached) and command.name in ("gunicorn", "uwsgi", "celery")


def _only_background(
    lasting: list[Command],
    main: Command | None,
    reading: _Reading,
    around: Surroundings,
    trace: Trace,
    follow: Follow,
    depth: int,
) -> None:
    """Everything was started with `&`: the shell waits in front of it."""
    if not lasting:
        trace.fails("no command was found at the end of the script" if main is None else f"it only runs `{main.name}`")
        return
    for command in lasting:
        follow(_expanded(command, [], reading.args), around.at(reading.at(command.line)), trace, depth + 1)
    trace.breaks(reading.at(lasting[-1].line))
    if len(lasting) > 1:
        trace.daemons = tuple(_label(command) for command in lasting)


def _label(command: Command) -> str:
    return " ".join(command.argv[:3])


def _expanded(command: Command, before: Iterable[Command], args: tuple[str, ...]) -> tuple[str, ...]:
    """The words with `$@` put in, less what `shift` took before."""
    left = args[sum(_shifted(other) for other in before) :]
    words: list[str] = []
    for word in command.argv:
        if REST.fullmatch(word):
            words += left
        elif match := SLICE.fullmatch(word):
            words += left[int(match[1]) - 1 :]
        else:
            words.append(REST.sub(lambda _: " ".join(left), word))
    return tuple(words)


def _shifted(command: Command) -> int:
    if command.name != "shift" or command.conditional:
        return 0
    count = command.argv[1] if len(command.argv) > 1 else "1"
    return int(count) if count.isdigit() and len(count) < 3 else 1


def _exported(before: Iterable[Command]) -> list[tuple[str, str]]:
    """Variables that the script sets for what it runs."""
    found: list[tuple[str, str]] = []
    for command in before:
        if not command.argv:
            found += command.assignments
        elif command.name == "export":
            pairs = (word.partition("=") for word in command.argv[1:] if "=" in word)
            found += [(name, value) for name, _, value in pairs]
    return [(name, value) for name, value in found if not value.startswith("$")]


def _entered(before: Iterable[Command], around: Surroundings) -> Surroundings:
    """After the script's own `cd`s."""
    for command in before:
        if command.name == "cd" and len(command.argv) > 1 and not command.conditional and "$" not in command.argv[1]:
            around = around.in_folder(posixpath.normpath(posixpath.join(around.workdir, command.argv[1])))
    return around
