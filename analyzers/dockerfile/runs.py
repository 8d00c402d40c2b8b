"""What a RUN does: its commands, those of the context's scripts that it calls, and what could not be read of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate

from analyzers import regexes as re
from analyzers.dockerfile.commands import Command, Script
from analyzers.dockerfile.scope import Scope
from analyzers.dockerfile.shell import inner_script, read_script
from analyzers.dockerfile.syntax import Heredoc, Instruction
from analyzers.records import dataclass, field, replace

SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh"})
SCRIPT_LIMIT_CHARACTERS = 128 * 1024
_HEREDOC_ONLY = re.compile(r"\d*<<-?\s*(?:[^\s<'\"]+|'[^'<]*'|\"[^\"<]*\")")
_DOWNLOADERS = frozenset({"curl", "wget"})
_DOWNLOADED = re.compile(r"(?:\$\(|`|<\()\s*(?:curl|wget)\b")
FindScript = Callable[[str], tuple[str, str] | None]


class NotFollowed(Exception):
    """No more scripts are looked for; the message says why."""


@dataclass(frozen=True, slots=True)
class RunReading:
    """`followed` maps repository paths to the commands of those scripts; `unread` is "" where all could be read."""

    commands: tuple[Command, ...] = ()
    followed: Mapping[str, tuple[Command, ...]] = field(default_factory=dict)
    unread: str = ""


def read_run(instruction: Instruction, scope: Scope, find_script: FindScript) -> RunReading:
    """`find_script` gives the repository path and text of the context's file behind an absolute path of the image;
    it may raise NotFollowed."""
    script = _read(instruction, scope)
    reasons = [script.why] if not script.complete else []
    followed, missed = _follow(script.commands, scope, find_script)
    return RunReading(script.commands, followed, "; ".join([*reasons, *missed]))


def _read(instruction: Instruction, scope: Scope) -> Script:
    if instruction.json:
        return _exec_form(instruction, scope)
    shell = scope.shell[0].rsplit("/", 1)[-1] if scope.shell else ""
    if shell not in SHELLS:
        return Script((), False, f"line {instruction.line}: the shell {shell[:40]!r} cannot be read")
    only = instruction.heredocs and _HEREDOC_ONLY.fullmatch(instruction.text)
    if only:
        return _body(instruction.heredocs[0], scope)
    return read_script(instruction.text, env=scope.env, line_at=instruction.line_at, heredocs=instruction.heredocs)


def _exec_form(instruction: Instruction, scope: Scope) -> Script:
    command = Command(instruction.words, instruction.line, instruction.end_line)
    script = inner_script(command)
    if script is None:
        return Script((command,) if instruction.words else ())
    return read_script(script, env=scope.env, line_at=lambda offset: instruction.line)


def _body(heredoc: Heredoc, scope: Scope) -> Script:
    """`RUN <<EOF`: the body is the script, or the input of the interpreter that its first line names."""
    interpreter = _interpreter(heredoc.content)
    if interpreter and interpreter[0].rsplit("/", 1)[-1] not in SHELLS:
        return Script((Command(interpreter, heredoc.line, heredoc.end_line, stdin=heredoc.content),))
    return read_script(heredoc.content, env=scope.env, line_at=_lines_of(heredoc))


def _lines_of(heredoc: Heredoc) -> Callable[[int], int]:
    ends = list(accumulate(len(line) for line in heredoc.content.splitlines(keepends=True)))
    return lambda offset: heredoc.line + bisect_right(ends, offset)


def _interpreter(text: str) -> tuple[str, ...]:
    """The words of a `#!` line, `env` peeled; empty where there is none."""
    if not text.startswith("#!"):
        return ()
    words = text[2:200].partition("\n")[0].split()
    if words and words[0].endswith("/env"):
        words = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    return tuple(words)


def _follow(
    commands: tuple[Command, ...], scope: Scope, find_script: FindScript
) -> tuple[dict[str, tuple[Command, ...]], list[str]]:
    """The scripts called, each read once for the same arguments, and a sentence for each that could not be."""
    followed: dict[str, tuple[Command, ...]] = {}
    seen: set[tuple[str, ...]] = set()
    missed: dict[str, None] = {}
    for command, inside in _calls(commands, scope, missed):
        called = _called(command)
        call = (inside.workdir, *command.argv)
        if called is None or call in seen:
            continue
        seen.add(call)
        try:
            found = find_script(inside.path(called))
        except NotFollowed as limit:
            missed[f"line {command.line}: {limit}"] = None
            break
        if found is None:
            missed.update(dict.fromkeys(_not_found(command, called)))
        elif _is_shell_script(command, found[1]):
            read = _file_commands(command, called, found[1], scope)
            followed[found[0]] = (*followed.get(found[0], ()), *read)
    return followed, list(missed)


def _calls(commands: tuple[Command, ...], scope: Scope, missed: dict[str, None]) -> Iterator[tuple[Command, Scope]]:
    """The commands and where they run; shells that read what was just downloaded go to `missed` instead."""
    downloads = False
    for command, inside in _in_folders(commands, scope):
        piped = downloads and command.operator == "|"
        downloads = piped or command.name in _DOWNLOADERS
        if command.name in SHELLS and (piped or _substitutes_download(command)):
            missed[f"line {command.line} runs a downloaded script"] = None
        else:
            yield command, inside


def _in_folders(commands: tuple[Command, ...], scope: Scope) -> list[tuple[Command, Scope]]:
    """Each command with the scope whose folder is where it runs, `cd` followed."""
    found = []
    current = scope
    for command in commands:
        if command.name == "cd" and len(command.argv) == 2:
            current = replace(current, workdir=current.path(command.argv[1]))
        found.append((command, current))
    return found


def _substitutes_download(command: Command) -> bool:
    return any(_DOWNLOADED.search(word[:500]) for word in command.argv[1:4])


def _called(command: Command) -> str | None:
    """The script file that a command runs: `./x.sh`, `sh x.sh`, `. ./x`; None where it runs none."""
    if command.name in SHELLS or command.name in (".", "source"):
        return _script_argument(command)
    first = command.argv[0] if command.argv else ""
    return first if "/" in first or first.endswith(".sh") else None


def _script_argument(command: Command) -> str | None:
    options = iter(command.argv[1:])
    for word in options:
        if word in ("-o", "+o", "-O", "+O"):
            next(options, None)
        elif not word.startswith(("-", "+")):
            return word
        elif word[-1] in "cs" and not word.startswith("--"):
            return None
    return None


def _not_found(command: Command, called: str) -> list[str]:
    """A shell script from elsewhere may do anything; a program of the image may too, but is not a script to read."""
    is_script = (called.endswith(".sh") or command.name in SHELLS) and not called.startswith("<(")
    return [f"line {command.line} runs {called[:80]}, which is not in the context"] if is_script else []


def _is_shell_script(command: Command, text: str) -> bool:
    if len(text) > SCRIPT_LIMIT_CHARACTERS or "\0" in text:
        return False
    explicit = command.name in SHELLS or command.name in (".", "source")
    interpreter = _interpreter(text)
    return explicit or not interpreter or interpreter[0].rsplit("/", 1)[-1] in SHELLS


def _file_commands(command: Command, called: str, text: str, scope: Scope) -> tuple[Command, ...]:
    """The script's commands, with the call's arguments as positional parameters."""
    arguments = command.argv[command.argv.index(called) :]
    positional = {str(index): word for index, word in enumerate(arguments[:10])}
    return read_script(text, env={**scope.env, **positional}).commands
