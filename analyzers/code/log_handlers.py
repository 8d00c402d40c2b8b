"""Where log handlers write: a dictionary configuration, handler objects, an ini file."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from analyzers.code.module import Module, argument, keyword, text_of
from analyzers.lazy import configparser
from analyzers.records import dataclass

STREAM_ENDS = (
    "StreamHandler",
    "ConsoleHandler",
    "RichHandler",
    "StdoutHandler",
    "StderrHandler",
    "ColorizingStreamHandler",
)
FILE_ENDS = ("FileHandler", "RotatingFileHandler", "TimedRotatingFileHandler", "WatchedFileHandler")
STANDARD_STREAMS = ("/dev/stdout", "/dev/stderr", "/proc/1/fd/1", "/proc/1/fd/2")
DEPTH_LIMIT = 6


@dataclass(frozen=True, slots=True)
class Outputs:
    """`stream`: some handler reaches stdout or stderr. `unread`: why that could not be told."""

    stream: bool = False
    files: tuple[str, ...] = ()
    unread: str = ""


def merge(found: Iterable[Outputs]) -> Outputs:
    listed = list(found)
    files = tuple(dict.fromkeys(file for item in listed for file in item.files))
    return Outputs(
        any(item.stream for item in listed), files, next((item.unread for item in listed if item.unread), "")
    )


def of_class(name: str, filename: str | None) -> Outputs:
    """By the handler class's name."""
    last = name.rpartition(".")[2]
    if last.endswith(FILE_ENDS):
        written = filename or "a file"
        return Outputs(True) if written in STANDARD_STREAMS else Outputs(False, (written,))
    return Outputs(last.endswith(STREAM_ENDS))


def of_data(config: Any) -> Outputs:
    """A loaded dictionary configuration (YAML, JSON or a literal): handlers that some logger or the root uses."""
    if not isinstance(config, Mapping):
        return Outputs(unread="the configuration is not a mapping")
    handlers = config.get("handlers")
    if not isinstance(handlers, Mapping):
        return Outputs()
    used = _used(config)
    return merge(
        of_class(str(handler.get("class", "")), _text(handler.get("filename")))
        for name, handler in handlers.items()
        if isinstance(handler, Mapping) and (not used or name in used)
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _used(config: Mapping[str, Any]) -> set[str]:
    loggers = config.get("loggers")
    owners = [config.get("root"), *(loggers.values() if isinstance(loggers, Mapping) else ())]
    lists = [owner.get("handlers") for owner in owners if isinstance(owner, Mapping)]
    return {name for names in lists if isinstance(names, list) for name in names if isinstance(name, str)}


def of_expression(module: Module, node: ast.expr | None, depth: int = 0) -> Outputs:
    """A dictionary configuration written in code; names are followed inside the module."""
    if isinstance(node, ast.Name) and depth < DEPTH_LIMIT:
        return of_expression(module, module.variable(node.id) or module.assigned(node.id), depth + 1)
    if isinstance(node, ast.Dict):
        return of_data(literal(node))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        return of_data({item.arg: literal(item.value) for item in node.keywords if item.arg})
    return Outputs(unread="the configuration is not written out in this file")


def literal(node: ast.expr, depth: int = 0) -> Any:
    """A literal as data; what is computed becomes None, both sides of a choice are kept."""
    if depth > 20:
        return None
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [value for item in node.elts for value in _items(item, depth)]
    if isinstance(node, ast.Dict):
        return dict(_pairs(node, depth))
    if isinstance(node, ast.IfExp):
        return _choice(node, depth)
    if isinstance(node, ast.Attribute | ast.Name):
        return node.attr if isinstance(node, ast.Attribute) else node.id
    return None


def _items(node: ast.expr, depth: int) -> Iterator[Any]:
    value = literal(node.value if isinstance(node, ast.Starred) else node, depth + 1)
    yield from value if isinstance(node, ast.Starred) and isinstance(value, list) else [value]


def _pairs(node: ast.Dict, depth: int) -> Iterator[tuple[Any, Any]]:
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            merged = literal(value, depth + 1)
            yield from merged.items() if isinstance(merged, dict) else ()
            continue
        name = literal(key, depth + 1)
        yield "class" if name == "()" else name if isinstance(name, str | int) else None, literal(value, depth + 1)


def _choice(node: ast.IfExp, depth: int) -> Any:
    """Lists of both branches together; otherwise the first that says something."""
    first, second = literal(node.body, depth + 1), literal(node.orelse, depth + 1)
    if isinstance(first, list) and isinstance(second, list):
        return first + second
    return first if first is not None else second


def of_handler(module: Module, node: ast.expr | None) -> Outputs:
    """A handler object: made right here, or a variable that was."""
    if isinstance(node, ast.Name):
        made = next((item.value for item in reversed(module.assignments) if _assigns(item, node.id)), None)
        return (
            of_handler(module, made) if isinstance(made, ast.Call) else Outputs(unread="the handler is made elsewhere")
        )
    if not isinstance(node, ast.Call):
        return Outputs(unread="the handler is made elsewhere")
    return of_class(module.resolve(node.func), text_of(argument(node, 0, "filename")))


def _assigns(node: ast.Assign | ast.AnnAssign, name: str) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)


def of_basic_config(module: Module, call: ast.Call) -> Outputs:
    """Without filename and handlers it writes to stderr (`logging.basicConfig`)."""
    filename = keyword(call, "filename")
    if filename is not None and not (isinstance(filename, ast.Constant) and filename.value is None):
        written = text_of(filename) or "a file"
        return Outputs(True) if written in STANDARD_STREAMS else Outputs(False, (written,))
    handlers = keyword(call, "handlers")
    if isinstance(handlers, ast.Name):
        handlers = module.assigned(handlers.id)
    if handlers is None:
        return Outputs(True)
    if isinstance(handlers, ast.List | ast.Tuple):
        return merge(of_handler(module, item) for item in handlers.elts[:20])
    return Outputs(unread="its handlers are computed")


def of_ini(text: str) -> Outputs:
    """A `fileConfig` file."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except (configparser.Error, ValueError):
        return Outputs(unread="the logging configuration file could not be read")
    handlers = [section for section in parser.sections() if section.startswith("handler_")]
    return merge(
        of_class(parser.get(section, "class", fallback=""), parser.get(section, "args", fallback="").strip("()'\", "))
        for section in handlers
    )
