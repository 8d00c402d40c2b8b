"""Console scripts that the project's own manifests declare."""

from __future__ import annotations

from analyzers.artifacts.deployment import Where
from analyzers.lazy import configparser, tomllib
from analyzers.processes import python_command
from analyzers.processes.setting import Surroundings
from analyzers.processes.trace import Trace
from analyzers.tree import Tree, per_tree

SIZE_LIMIT = 256 * 1024
MANIFESTS_LIMIT = 50


def follow(argv: tuple[str, ...], around: Surroundings, trace: Trace) -> bool:
    """True where the program is one of the project's, with what its module does noted in `trace`."""
    if around.files is None:
        return False
    name = argv[0].rsplit("/", 1)[-1]
    for manifest, scripts in _declared(around.files.tree).items():
        declared = scripts.get(name)
        path = _module_path(around.files.tree, manifest.rpartition("/")[0], declared) if declared else ""
        if declared and path:
            trace.went_through(f"{name} = {declared}", Where(manifest))
            python_command.run_script(path, name, around, trace, tuple(filter(_is_plain, argv[1:])))
            return True
    return False


def _is_plain(word: str) -> bool:
    """Could name a sub-command; an option or a path cannot."""
    return not word.startswith("-") and word.replace("-", "_").isidentifier()


@per_tree
def _declared(tree: Tree) -> dict[str, dict[str, str]]:
    """The scripts of each manifest by its path."""
    entries = tree.named("pyproject.toml", "setup.cfg")[:MANIFESTS_LIMIT]
    return {entry.path: _scripts(tree.read_text(entry.path) or "", entry.name) for entry in entries}


def _scripts(text: str, name: str) -> dict[str, str]:
    return _from_toml(text[:SIZE_LIMIT]) if name.endswith(".toml") else _from_cfg(text[:SIZE_LIMIT])


def _from_toml(text: str) -> dict[str, str]:
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError):
        return {}
    tool = document.get("tool")
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    tables = [table.get("scripts") for table in (document.get("project"), poetry) if isinstance(table, dict)]
    pairs = [pair for table in tables if isinstance(table, dict) for pair in table.items()]
    return {key: value for key, value in pairs if isinstance(value, str)}


def _from_cfg(text: str) -> dict[str, str]:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
        declared = parser.get("options.entry_points", "console_scripts", fallback="")
    except configparser.Error:
        return {}
    pairs = (line.partition("=") for line in declared.splitlines() if "=" in line)
    return {name.strip(): target.strip() for name, _, target in pairs}


def _module_path(tree: Tree, folder: str, declared: str) -> str:
    stem = declared.partition(":")[0].strip().replace(".", "/")
    prefix = folder + "/" if folder else ""
    candidates = [f"{prefix}{root}{stem}{end}" for root in ("", "src/", "lib/") for end in (".py", "/__init__.py")]
    return next((path for path in candidates if tree.is_file(path)), "")
