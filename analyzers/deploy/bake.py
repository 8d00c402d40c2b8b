"""Bake files: targets of `docker-bake.hcl`/`.json`, read as far as plain values go (no functions, no matrices)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice

from analyzers import regexes as re
from analyzers.artifacts.deployment import Where
from analyzers.deploy.interpolation import Values, interpolate
from analyzers.records import dataclass, field
from analyzers.tree import Tree, per_tree

NAMES = ("docker-bake.hcl", "docker-bake.json", "docker-bake.override.hcl", "docker-bake.override.json", "*bake*.hcl")
BLOCK = re.compile(r'^[ \t]*(target|variable|group)[ \t]+"([^"\n]+)"[ \t]*\{', re.M)
ATTRIBUTE = re.compile(r'^[ \t]*"?([\w.-]+)"?[ \t]*=[ \t]*(.*)$', re.M)
QUOTED = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
SIZE_LIMIT_BYTES = 256 * 1024
DEPTH_LIMIT = 8
BODY_LIMIT = 10_000
BLOCKS_LIMIT = 300


@dataclass
class BakeTarget:
    """One target with what it inherits. Values as written, variables with a default put in."""

    name: str
    where: Where
    values: dict[str, str] = field(default_factory=dict)
    args: dict[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    inherits: tuple[str, ...] = ()
    cache: bool = False


@per_tree
def find(tree: Tree) -> list[BakeTarget]:
    """Every target of every bake file, inheritance applied within its file."""
    found: list[BakeTarget] = []
    for entry in tree.named(*NAMES):
        text = tree.read_text(entry.path) if (entry.size_bytes or 0) <= SIZE_LIMIT_BYTES else None
        if text is not None:
            reader = _from_json if entry.name.endswith(".json") else _from_hcl
            targets = {target.name: target for target in reader(text, entry.path)}
            found += [_inherited(target, targets) for target in targets.values()]
    return found


def _inherited(target: BakeTarget, targets: Mapping[str, BakeTarget], depth: int = 0) -> BakeTarget:
    made = BakeTarget(target.name, target.where)
    for name in target.inherits if depth < DEPTH_LIMIT else ():
        if name in targets and name != target.name:
            _lay_over(made, _inherited(targets[name], targets, depth + 1))
    _lay_over(made, target)
    return made


def _lay_over(made: BakeTarget, source: BakeTarget) -> None:
    made.values.update(source.values)
    made.args.update(source.args)
    made.tags = source.tags or made.tags
    made.cache = source.cache or made.cache


def _from_json(text: str, path: str) -> Iterator[BakeTarget]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return
    targets = document.get("target") if isinstance(document, dict) else None
    for name, body in targets.items() if isinstance(targets, dict) else ():
        if isinstance(body, dict):
            yield BakeTarget(
                name,
                Where(path),
                {key: value for key, value in body.items() if isinstance(value, str)},
                {key: str(value) for key, value in _mapping(body.get("args")).items()},
                tuple(str(tag) for tag in _sequence(body.get("tags"))),
                tuple(str(parent) for parent in _sequence(body.get("inherits"))),
                "cache-from" in body or "cache-to" in body,
            )


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _sequence(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _from_hcl(text: str, path: str) -> Iterator[BakeTarget]:
    blocks = [
        (match[1], match[2], match.start(), _body(text, match.end()))
        for match in islice(BLOCK.finditer(text), BLOCKS_LIMIT)
    ]
    defaults = {
        name: _string(_attributes(body).get("default", "")) for kind, name, _, body in blocks if kind == "variable"
    }
    for kind, name, start, body in blocks:
        if kind == "target":
            yield _target(name, Where(path, text.count("\n", 0, start) + 1), body, defaults)


def _target(name: str, where: Where, body: str, defaults: Mapping[str, str]) -> BakeTarget:
    written = _attributes(body)
    values = {
        key: interpolate(_string(text), Values(defaults)) for key, text in written.items() if text.startswith('"')
    }
    args = _attributes(_block_of(body, "args"))
    return BakeTarget(
        name,
        where,
        values,
        {key: interpolate(_value(text, defaults), Values(defaults)) for key, text in args.items()},
        tuple(interpolate(tag, Values(defaults)) for tag in _list_of(body, "tags")),
        tuple(_list_of(body, "inherits")),
        "cache-from" in written or "cache-to" in written,
    )


def _body(text: str, start: int) -> str:
    """The text of a block up to its closing brace; strings are not looked into for braces of templates."""
    depth = 1
    for index in range(start, min(len(text), start + BODY_LIMIT)):
        depth += {"{": 1, "}": -1}.get(text[index], 0)
        if depth == 0:
            return text[start:index]
    return text[start : start + BODY_LIMIT]


def _attributes(body: str) -> dict[str, str]:
    return {match[1]: match[2].strip() for match in ATTRIBUTE.finditer(body)}


def _string(text: str) -> str:
    match = QUOTED.match(text)
    return match[1] if match else ""


def _value(text: str, defaults: Mapping[str, str]) -> str:
    return _string(text) if text.startswith('"') else defaults.get(text.rstrip(","), "${" + text.rstrip(",") + "}")


def _block_of(body: str, name: str) -> str:
    match = re.search(rf"^[ \t]*{name}[ \t]*=?[ \t]*\{{", body, re.M)
    return _body(body, match.end()) if match else ""


def _list_of(body: str, name: str) -> list[str]:
    match = re.search(rf"^[ \t]*{name}[ \t]*=[ \t]*\[", body, re.M)
    end = body.find("]", match.end()) if match else -1
    return [item[1] for item in QUOTED.finditer(body[match.end() : end])] if match and end > 0 else []
