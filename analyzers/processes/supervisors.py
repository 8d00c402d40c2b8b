"""Programs that start several others and look after them: supervisord, s6, honcho, circus, pm2."""

from __future__ import annotations

from analyzers import regexes as re
from analyzers.artifacts.deployment import Where
from analyzers.processes import options
from analyzers.processes.image_files import ImageFile
from analyzers.processes.scripts import Follow
from analyzers.processes.setting import Surroundings
from analyzers.processes.trace import Trace

CONFIGS = (
    "/etc/supervisord.conf",
    "/etc/supervisor/supervisord.conf",
    "/etc/supervisor/conf.d/supervisord.conf",
    "supervisord.conf",
)
CONFIG_FOLDERS = ("/etc/supervisor/conf.d", "/etc/supervisor.d", "/etc/supervisord.d")
S6_FOLDERS = ("/etc/s6-overlay/s6-rc.d", "/etc/services.d", "/etc/s6", "/etc/service", "/etc/cont-init.d")
S6 = frozenset({"init", "s6-svscan", "runsvdir", "runit", "my_init", "s6-overlay"})
PROCFILE_RUNNERS = frozenset({"honcho", "foreman", "hivemind", "overmind", "forego", "goreman"})
SECTION = re.compile(r"^\[(?:program|watcher):([^\]]+)\]", re.M)
COMMAND = re.compile(r"^[ \t]*(?:command|cmd)[ \t]*=[ \t]*(.+)$", re.M)
ENV_REFERENCE = re.compile(r"%\(ENV_(\w+)\)s")
PROGRAM_LIMIT = 50


def follow(argv: tuple[str, ...], around: Surroundings, trace: Trace, onwards: Follow, depth: int) -> bool:
    """True where the program is a supervisor; its programs are followed into `trace`."""
    name = argv[0].rsplit("/", 1)[-1]
    if name == "supervisord":
        programs = _from_sections(_supervisord_files(argv, around), around)
    elif name == "circusd":
        programs = _from_sections([file for word in argv[1:] if (file := around.read(word))], around)
    elif name in PROCFILE_RUNNERS:
        programs = _from_procfile(argv, around)
    elif name in S6 and (name != "init" or argv[0] == "/init"):
        return _s6(name, argv, around, trace, onwards, depth)
    elif name == "pm2-runtime":
        trace.init = trace.init or name
        rest = tuple(options.arguments(argv[1:]))
        onwards(rest[1:] if rest[:1] == ("start",) else rest, around, trace, depth + 1)
        return True
    else:
        return False
    trace.init = trace.init or name
    trace.went_through(name, around.where)
    _each(programs, around, trace, onwards, depth)
    if not programs:
        trace.fails(f"the programs of {name} are not in the repository")
    return True


def _each(programs: list[tuple[str, Where]], around: Surroundings, trace: Trace, onwards: Follow, depth: int) -> None:
    """What the programs serve; a wrapper inside one of them does not matter to the supervisor's signal."""
    for command, where in programs[:PROGRAM_LIMIT]:
        _one(options.split(command), around.at(where), trace, onwards, depth)
    if programs and not trace.servers:
        trace.fails("what the supervised programs run cannot be told")
    trace.drop_short()


def _one(argv: tuple[str, ...], around: Surroundings, trace: Trace, onwards: Follow, depth: int) -> None:
    inner = Trace()
    onwards(argv, around, inner, depth + 1)
    for server, handles in zip(inner.servers, inner.handles, strict=True):
        trace.serves(server, handles)
    trace.via += inner.via if inner.lasting else []


def _supervisord_files(argv: tuple[str, ...], around: Surroundings) -> list[ImageFile]:
    named = options.value(argv, "-c", "--configuration")
    main = [file for path in ([named] if named else CONFIGS) if (file := around.read(path))]
    included = [file for folder in CONFIG_FOLDERS for file in (around.files.under(folder) if around.files else [])]
    return list({file.where.path: file for file in [*main, *included]}.values())


def _from_sections(files: list[ImageFile], around: Surroundings) -> list[tuple[str, Where]]:
    found = []
    for file in files:
        for section in SECTION.finditer(file.text):
            end = file.text.find("\n[", section.end())
            command = COMMAND.search(file.text, section.end(), end if end >= 0 else len(file.text))
            if command:
                text = ENV_REFERENCE.sub(lambda match: around.env.get(match[1], f"${match[1]}"), command[1]).strip()
                found.append((text, file.at(file.text.count("\n", 0, command.start()) + 1)))
    return found


def _from_procfile(argv: tuple[str, ...], around: Surroundings) -> list[tuple[str, Where]]:
    file = around.read(options.value(argv, "-f", "--procfile") or "Procfile")
    return read_procfile(file) if file else []


def read_procfile(file: ImageFile) -> list[tuple[str, Where]]:
    """`name: command` lines; each command is run by a shell."""
    found = []
    for number, line in enumerate(file.text.splitlines(), 1):
        name, colon, command = line.partition(":")
        if colon and command.strip() and not line.startswith("#") and name.strip().replace("-", "_").isidentifier():
            found.append((command.strip(), file.at(number)))
    return found


def _s6(name: str, argv: tuple[str, ...], around: Surroundings, trace: Trace, onwards: Follow, depth: int) -> bool:
    """s6-overlay and runit: every `run` file below their service folders."""
    trace.init = trace.init or ("s6" if name in ("init", "s6-svscan", "s6-overlay") else name)
    trace.went_through(argv[0], around.where)
    folders = [*S6_FOLDERS, *(word for word in argv[1:] if word.startswith("/etc/"))]
    files = [file for folder in folders for file in (around.files.under(folder) if around.files else [])]
    runs = [file for file in files if file.path.endswith("/run")]
    for file in list({file.path: file for file in runs}.values())[:PROGRAM_LIMIT]:
        _one((file.path,), around.at(file.where), trace, onwards, depth)
    rest = tuple(word for word in argv[1:] if not word.startswith("-"))
    if rest and name == "init":
        onwards(rest, around, trace, depth + 1)
    if not trace.servers:
        trace.fails("the services that s6 starts are not in the repository")
    trace.drop_short()
    return True
