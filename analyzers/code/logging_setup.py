"""Logging set up in code, in Django's settings or in a gunicorn configuration file."""

from __future__ import annotations

import ast
import json
import posixpath
from collections.abc import Iterator

from analyzers import regexes as re
from analyzers.artifacts.code import LoggingSetup
from analyzers.artifacts.deployment import Where
from analyzers.code.environ import reads
from analyzers.code.log_handlers import (
    STANDARD_STREAMS,
    Outputs,
    merge,
    of_basic_config,
    of_data,
    of_expression,
    of_handler,
    of_ini,
)
from analyzers.code.module import Module, argument, constants, keyword, text_of, walk
from analyzers.code.project import Project
from analyzers.deploy.yaml_limits import YamlError, load
from analyzers.records import replace

GUNICORN_FILE = re.compile(r"gunicorn|(?:^|/)wsgi_config\.py$")
CONFIG_FILE = re.compile(r"\.(?:ini|cfg|conf|ya?ml|json)$")
PLAIN = "only imported"
STREAMS = ("sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__")


def read(project: Project, module: Module) -> Iterator[LoggingSetup]:
    if "alembic" in module.imported and module.path.endswith("env.py"):
        return
    yield from _django(project, module)
    for call in module.calls:
        yield from _called(project, module, call)
    yield from _loguru(module)
    if GUNICORN_FILE.search(module.path):
        yield from _gunicorn(module)


def _setup(kind: str, module: Module, node: ast.AST, outputs: Outputs) -> LoggingSetup:
    guarded = id(node) in module.guarded
    return LoggingSetup(
        kind, module.where(node), outputs.stream, outputs.files, not guarded, "" if outputs.stream else outputs.unread
    )


def _django(project: Project, module: Module) -> Iterator[LoggingSetup]:
    """`LOGGING = {…}`, and what is put into it later (`LOGGING["handlers"]["console"] = …`)."""
    for node in module.assignments:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if (
            any(isinstance(target, ast.Name) and target.id == "LOGGING" for target in targets)
            and node.value is not None
        ):
            outputs = _dictionary(project, module, node.value)
            added = _added(module) if not outputs.stream else ()
            yield _setup("LOGGING", module, node, merge([outputs, *added]))


def _added(module: Module) -> Iterator[Outputs]:
    for node in module.assignments:
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(target, ast.Subscript) and "LOGGING" in {
                n.id for n in walk(target) if isinstance(n, ast.Name)
            }:
                yield Outputs(any(text.endswith("StreamHandler") for text in constants(node.value or node)))


def _called(project: Project, module: Module, call: ast.Call) -> Iterator[LoggingSetup]:
    callee = module.resolve(call.func)
    if callee in ("logging.basicConfig", "basicConfig"):
        yield _setup("basicConfig", module, call, of_basic_config(module, call))
    elif callee in ("logging.config.dictConfig", "dictConfig", "config.dictConfig"):
        yield _setup("dictConfig", module, call, _dictionary(project, module, argument(call, 0, "config")))
    elif callee in ("logging.config.fileConfig", "fileConfig"):
        yield _setup("fileConfig", module, call, _file(project, module, call))
    elif callee in ("structlog.configure", "structlog.configure_once"):
        yield _setup("structlog", module, call, _structlog(module, call))
    elif callee.endswith(".addHandler") and call.args:
        yield from _handler(module, call, callee)
    elif callee in ("uvicorn.run", "uvicorn.Config") and keyword(call, "log_config") is not None:
        yield _setup("uvicorn", module, call, _dictionary(project, module, keyword(call, "log_config")))


def _handler(module: Module, call: ast.Call, callee: str) -> Iterator[LoggingSetup]:
    outputs = of_handler(module, call.args[0])
    if outputs.stream or outputs.files:
        yield _setup("handler", module, call, outputs)


def _dictionary(project: Project, module: Module, node: ast.expr | None) -> Outputs:
    """The configuration written here, imported from another module, returned by a function, or read from a file."""
    outputs = of_expression(module, node)
    if not outputs.unread or node is None:
        return outputs
    named = text_of(node)
    files = [named] if named else _file_names(module)
    for name in files:
        found = _config_file(project, module, name)
        if found is not None:
            return found
    return _elsewhere(project, module, node) or outputs


def _elsewhere(project: Project, module: Module, node: ast.expr) -> Outputs | None:
    target = node.func if isinstance(node, ast.Call) else node
    located = project.locate(module, module.resolve(target))
    owner, name = located if located is not None else (module, module.resolve(target))
    value = owner.variable(name.partition(".")[0])
    if value is not None:
        return of_expression(owner, value)
    definition = owner.definition(name.partition(".")[0])
    if definition is None:
        return None
    return merge(
        of_expression(owner, inner)
        for inner in walk(definition)
        if isinstance(inner, ast.Dict) and _is_configuration(inner)
    )


def _is_configuration(node: ast.Dict) -> bool:
    return any(text_of(key) == "handlers" for key in node.keys)


def _file(project: Project, module: Module, call: ast.Call) -> Outputs:
    first = argument(call, 0, "fname")
    names = [text for text in (constants(first) if first is not None else ()) if CONFIG_FILE.search(text)]
    for name in names or _file_names(module):
        found = _config_file(project, module, name)
        if found is not None:
            return found
    return Outputs(unread="the logging configuration file was not found in this repository")


def _file_names(module: Module) -> list[str]:
    return [text for text in constants(module.tree) if len(text) < 200 and CONFIG_FILE.search(text)][:10]


def _config_file(project: Project, module: Module, name: str) -> Outputs | None:
    base = posixpath.basename(name)
    beside = posixpath.join(posixpath.dirname(module.path), name)
    entries = [entry.path for entry in project.tree.named(re.sub(r"[\[\]*?]", "?", base))] if base else []
    path = beside if project.tree.is_file(beside) else min(entries, key=lambda found: found.count("/"), default=None)
    text = project.tree.read_text(path) if path is not None else None
    if text is None or path is None:
        return None
    return of_config_text(path, text)


def of_config_text(path: str, text: str) -> Outputs | None:
    """A logging configuration file by its form; None where it does not look like one."""
    if "handlers" not in text:
        return None
    if path.endswith((".ini", ".cfg", ".conf")):
        return of_ini(text)
    try:
        return of_data(json.loads(text) if path.endswith(".json") else load(text, path))
    except (ValueError, RecursionError, YamlError):
        return Outputs(unread=f"{path} could not be read")


def _structlog(module: Module, call: ast.Call) -> Outputs:
    """structlog prints to stdout unless it hands on to the standard library."""
    factory = keyword(call, "logger_factory")
    name = module.resolve(factory).replace("()", "") if factory is not None else ""
    if name.startswith("structlog.stdlib"):
        return Outputs()
    return Outputs(not any(keyword(item, "file") is not None for item in [factory] if isinstance(item, ast.Call)))


def _loguru(module: Module) -> Iterator[LoggingSetup]:
    """loguru writes to stderr until its default handler is removed."""
    line = module.imported.get("loguru.logger") or module.imported.get("loguru")
    if line is None:
        return
    adds = [call for call in module.calls if module.resolve(call.func) == "loguru.logger.add" and call.args]
    removed = any(module.resolve(call.func) == "loguru.logger.remove" for call in module.calls)
    sinks = [module.resolve(call.args[0]) for call in adds]
    files = tuple(text for call in adds if (text := text_of(call.args[0])) and text not in STANDARD_STREAMS)
    stream = not removed or any(sink in STREAMS or sink.startswith(("sys.", "logging.StreamHandler")) for sink in sinks)
    where = Where(module.path, adds[0].lineno if adds else line)
    yield LoggingSetup("loguru", where, stream, files, unread="" if adds or removed else PLAIN)


def without_plain_imports(setups: list[LoggingSetup]) -> list[LoggingSetup]:
    """loguru is set up once: files that only import it count where none configures it, and then one of them."""
    plain = [setup for setup in setups if setup.kind == "loguru" and setup.unread == PLAIN]
    configured = any(setup.kind == "loguru" and setup.unread != PLAIN for setup in setups)
    kept = [] if configured else plain[:1]
    return [
        replace(setup, unread="") if setup in kept else setup for setup in setups if setup not in plain or setup in kept
    ]


def _gunicorn(module: Module) -> Iterator[LoggingSetup]:
    for name in ("accesslog", "errorlog"):
        node = module.variable(name)
        value = _setting(module, node)
        if node is not None and value is not None:
            stream = value == "-" or value in STANDARD_STREAMS
            yield LoggingSetup("gunicorn", module.where(node), stream, () if stream else (value,))
    config = module.variable("logconfig_dict")
    if config is not None:
        yield _setup("gunicorn", module, config, of_expression(module, config))


def _setting(module: Module, node: ast.expr | None, depth: int = 0) -> str | None:
    """A text, directly or as the default of an environment variable."""
    if isinstance(node, ast.Name) and depth < 3:
        return _setting(module, module.variable(node.id), depth + 1)
    if isinstance(node, ast.BoolOp):
        return next(
            (text for item in node.values[:5] if depth < 3 and (text := _setting(module, item, depth + 1))), None
        )
    found = reads(module, node)
    return text_of(found[1] if found is not None else node)
