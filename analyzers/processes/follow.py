"""From a command to the servers that it ends up running."""

from __future__ import annotations

from analyzers.dockerfile.commands import Command
from analyzers.dockerfile.shell import inner_script
from analyzers.processes import (
    base_programs,
    console,
    django,
    makefile,
    options,
    python_command,
    scripts,
    servers,
    signals,
    supervisors,
)
from analyzers.processes.image_files import ImageFile
from analyzers.processes.setting import Surroundings
from analyzers.processes.trace import DEPTH_LIMIT, Trace
from analyzers.processes.wrappers import peel
from analyzers.records import replace

SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh"})
PYTHONS = ("python", "pypy")
PEEL_LIMIT = 20
RELOADERS = frozenset({"watchmedo", "watchfiles", "nodemon", "reflex-watch", "entr", "hupper", "jurigged"})


def follow(argv: tuple[str, ...], around: Surroundings, trace: Trace, depth: int = 0) -> None:
    """Fill `trace` with what `argv` comes to run."""
    if depth > DEPTH_LIMIT:
        trace.fails("the scripts call each other too deeply")
        return
    for _ in range(PEEL_LIMIT):
        peeled = peel(argv)
        if peeled is None:
            break
        if peeled.wrapper:
            trace.went_through(peeled.wrapper, around.where)
        trace.init = trace.init or peeled.init
        trace.sudo = trace.sudo or peeled.sudo
        around = around.with_env(*peeled.env)
        argv = peeled.argv
        if peeled.shell:
            scripts.follow_text(peeled.shell, (), around, trace, follow, depth)
            return
    if argv:
        _program(argv, around, trace, depth)
    else:
        trace.fails("no command is left after its wrappers")


def _program(argv: tuple[str, ...], around: Surroundings, trace: Trace, depth: int) -> None:
    name = argv[0].rsplit("/", 1)[-1]
    if argv[0].startswith("$"):
        trace.fails(f"the command is left open by {argv[0]}")
    elif name in SHELLS:
        _shell(argv, around, trace, depth)
    elif name.rstrip("0123456789.").startswith(PYTHONS) and not name.endswith(".py"):
        python_command.follow(argv, around, trace, follow, depth)
    elif name in RELOADERS:
        _reloader(argv, around, trace, depth)
    elif not supervisors.follow(argv, around, trace, follow, depth):
        _server_or_file(argv, around, trace, depth)


def _shell(argv: tuple[str, ...], around: Surroundings, trace: Trace, depth: int) -> None:
    """`sh -c text`, `sh script arguments`, or an interactive shell."""
    text = inner_script(Command(argv, 0, 0))
    if text is not None:
        after = argv[argv.index(text) + 2 :] if text in argv else ()
        return scripts.follow_text(text, after, around, trace, follow, depth)
    words = [index for index, word in enumerate(argv) if index and not word.startswith(("-", "+"))]
    if not words:
        trace.serves(servers.short("an interactive shell"), None)
        return None
    path = argv[words[0]]
    file = around.read(path)
    if file is None:
        trace.fails(f"the script {path} is not in the repository")
        return None
    return scripts.follow_file(file, argv[words[0] + 1 :], around, trace, follow, depth)


def _reloader(argv: tuple[str, ...], around: Surroundings, trace: Trace, depth: int) -> None:
    """A program that restarts another one whenever a file changes."""
    trace.went_through(argv[0], around.where)
    trace.debugged = trace.debugged or argv[0]
    if "--" in argv:
        rest = argv[argv.index("--") + 1 :]
    else:
        words = options.arguments(argv[1:], frozenset({"--recursive", "-R", "--debug-force-polling"}))
        words = words[1:] if words[:1] == ["auto-restart"] else words
        rest = options.split(words[0]) if words and " " in words[0] else tuple(words)
    inner = Trace()
    follow(rest, around, inner, depth + 1)
    for server, handles in zip(inner.servers, inner.handles, strict=True):
        reload = server.reload or argv[0]
        trace.serves(replace(server, reload=reload, reload_where=server.reload_where or around.where), handles)
    if not inner.servers:
        trace.fails(inner.unresolved or f"what {argv[0]} starts cannot be told")


def _server_or_file(argv: tuple[str, ...], around: Surroundings, trace: Trace, depth: int) -> None:
    if argv[0].rsplit("/", 1)[-1] == "make":
        return makefile.follow(argv, around, trace, follow, depth)
    management = django.recognise(argv, around)
    file = around.program(argv[0]) if management is None else None
    if file is not None:
        return follow_file(file, argv[1:], around, trace, depth)
    server = management or servers.recognise(argv, around)
    if server is not None:
        trace.serves(server, signals.handles_term(server, argv))
        return None
    if rest := base_programs.handed_over(argv, around):
        trace.went_through(argv[0], around.where)
        return follow(rest, around, trace, depth + 1)
    known = base_programs.recognise(argv, around)
    if known is not None:
        trace.serves(known, True)
        return None
    if not console.follow(argv, around, trace):
        trace.fails(f"`{argv[0]}` is neither a known server nor a file of the repository")
    return None


def follow_file(file: ImageFile, args: tuple[str, ...], around: Surroundings, trace: Trace, depth: int) -> None:
    """An executable file, by its first line."""
    first = file.text.partition("\n")[0]
    if "python" in first or (not first.startswith("#!") and file.path.endswith(".py")):
        return python_command.follow(("python", file.path, *args), around, trace, follow, depth)
    return scripts.follow_file(file, args, around, trace, follow, depth)
