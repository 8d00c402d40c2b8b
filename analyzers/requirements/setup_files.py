"""setup.cfg, and setup.py read by its syntax tree (never run)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzers.lazy import ast, configparser
from analyzers.requirements.entries import Entry, LineFinder, Manifest, ManifestError, normalise, parse_specification


def read_cfg(text: str) -> Manifest:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except (configparser.Error, ValueError) as error:
        raise ManifestError("not a readable setup.cfg") from error
    lines = LineFinder(text)
    required = parser.get("options", "install_requires", fallback="")
    entries = list(_entries(required.splitlines(), lines, ""))
    if parser.has_section("options.extras_require"):
        for extra, items in parser.items("options.extras_require"):
            entries += _entries(items.splitlines(), lines, f"extra:{normalise(extra)}")
    scripts = parser.get("options.entry_points", "console_scripts", fallback="")
    return Manifest(tuple(entries), scripts=tuple(console_scripts(scripts.splitlines())))


def _entries(items: Iterable[str], lines: LineFinder, group: str) -> Iterator[Entry]:
    found = (parse_specification(item.split(" #")[0], lines.find(item), group) for item in items)
    return (entry for entry in found if entry is not None)


def console_scripts(items: Iterable[str]) -> Iterator[tuple[str, str]]:
    for item in items:
        name, equals, target = item.partition("=")
        if equals:
            yield name.strip(), target.strip()


def read_py(text: str) -> Manifest:
    """Literal lists given to `setup(…)`, directly or through a module-level name."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ManifestError("not readable as Python 3") from error
    values = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _callee(node) == "setup"]
    keywords = {keyword.arg: _follow(keyword.value, values) for call in calls for keyword in call.keywords}
    return _manifest(keywords)


def _manifest(keywords: dict[str | None, ast.expr]) -> Manifest:
    entries = [*_literals(keywords.get("install_requires"), "")]
    for extra, items in _dictionary(keywords.get("extras_require")):
        entries += _literals(items, f"extra:{normalise(extra)}")
    scripts = [
        text.value
        for name, items in _dictionary(keywords.get("entry_points"))
        if name == "console_scripts"
        for text in _constants(items)
        if isinstance(text.value, str)
    ]
    return Manifest(tuple(entries), scripts=tuple(console_scripts(scripts)))


def _callee(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _follow(value: ast.expr, values: dict[str, ast.expr]) -> ast.expr:
    return values.get(value.id, value) if isinstance(value, ast.Name) else value


def _constants(value: ast.expr | None) -> Iterator[ast.Constant]:
    if isinstance(value, ast.List | ast.Tuple | ast.Set):
        yield from (item for item in value.elts if isinstance(item, ast.Constant))
    elif isinstance(value, ast.Constant):
        yield value


def _literals(value: ast.expr | None, group: str) -> Iterator[Entry]:
    for constant in _constants(value):
        if isinstance(constant.value, str):
            entry = parse_specification(constant.value, constant.lineno, group)
            if entry is not None:
                yield entry


def _dictionary(value: ast.expr | None) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(value, ast.Dict):
        for key, item in zip(value.keys, value.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, item
