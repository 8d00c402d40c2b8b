"""Reading a shell script: which simple commands it runs, with variables expanded as far as they are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from analyzers.dockerfile.commands import Command, Script
from analyzers.dockerfile.shell_commands import COMMAND_LIMIT, Enough, Lines
from analyzers.dockerfile.shell_parser import parse, parse_substitution
from analyzers.dockerfile.shell_syntax import Block
from analyzers.dockerfile.shell_values import Scope
from analyzers.dockerfile.shell_walk import Walker
from analyzers.dockerfile.shell_words import Cursor
from analyzers.dockerfile.syntax import Heredoc

LENGTH_LIMIT = 1_000_000
Syntax = tuple[Block, tuple[tuple[int, str], ...]]
_NO_ENV: Mapping[str, str] = MappingProxyType({})


def read_script(
    text: str,
    *,
    env: Mapping[str, str] = _NO_ENV,
    line_at: Callable[[int], int] | None = None,
    heredocs: tuple[Heredoc, ...] = (),
    syntax: Syntax | None = None,
) -> Script:
    """The commands of a POSIX or bash script, in the order in which they run. Never raises; linear in the text.

    Branches that known variables rule out are left out, and so is what stands after `exec` or `exit`; the rest of
    what may not run is `conditional`. `env` may hold positional parameters ("1"). A name that is nowhere set stays
    `$NAME`, but `${NAME:-default}` becomes its default. `line_at` gives the line of an offset in `text` (default:
    newlines counted from 1); `heredocs` are bodies that stand outside `text`, as in a RUN instruction; `syntax` is
    that of `text` where it was read before.
    """
    block, problems = syntax or read_syntax(text, heredocs)
    lines = line_at or Lines(text)
    why = [f"line {lines(offset)}: {what}" for offset, what in problems[:1]]
    if len(text) > LENGTH_LIMIT:
        why.append(f"only the first {LENGTH_LIMIT} characters were read")
    walker = Walker(Scope(env), lines, _read_inner)
    try:
        walker.run(block)
    except Enough:
        why.append(f"more than {COMMAND_LIMIT} commands")
    return Script(tuple(walker.commands), not why, "; ".join(why))


def read_syntax(text: str, heredocs: tuple[Heredoc, ...] = ()) -> Syntax:
    """What of a script does not depend on the environment: for those that read it in several."""
    cursor = Cursor(text[:LENGTH_LIMIT], parse_substitution, list(heredocs))
    block = parse(cursor)
    return block, tuple(cursor.problems)


def inner_script(command: Command) -> str | None:
    """What `sh -c '…'` (also `bash -lc`, `-exc`) runs, None for any other command."""
    if command.name not in ("sh", "bash", "ash", "dash", "zsh", "ksh"):
        return None
    for index, word in enumerate(command.argv[1:-1], 1):
        if not word.startswith(("-", "+")):
            return None
        if word.startswith("-") and not word.startswith("--") and word.endswith("c"):
            return command.argv[index + 1]
    return None


def _read_inner(text: str) -> Block:
    return parse(Cursor(text, parse_substitution))
