"""YAML as data with line numbers, under the limits of the threat model.

Scalars stay text as written (`0.5`, `yes`, `22:22`), because the readers of these files disagree on types; a plain
null is None. Built from the event stream without recursion, so depth cannot exhaust the stack; aliases share the
object that they point to and count as if they were written out.
"""

from __future__ import annotations

from typing import Any

from analyzers import regexes as re
from analyzers.artifacts.deployment import Where
from analyzers.lazy import yaml
from analyzers.records import dataclass, field

SIZE_LIMIT_BYTES = 256 * 1024
ALIAS_LIMIT = 50
DEPTH_LIMIT = 50
NODE_LIMIT = 50_000
DOCUMENT_LIMIT = 500
MERGE_KEY = "<<"
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
TRUE = frozenset({"true", "yes", "on", "1", "y"})
TEMPLATED = re.compile(r"\{%|\{\{")

Node = Any  # Map | Seq | Text | None


class YamlError(Exception):
    """Not readable as YAML within the limits; `line` is 1-based where known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class Text(str):
    """A scalar as written; `plain` where it stands without quotes."""

    where: Where
    tag: str
    plain: bool


class Map(dict[str, Node]):
    """A mapping. `keys_at` says where each key stands."""

    where: Where
    tag: str
    keys_at: dict[str, Where]

    def at(self, key: str) -> Where:
        return self.keys_at.get(key, self.where)


class Seq(list[Node]):
    where: Where
    tag: str


def new_map(where: Where) -> Map:
    made = Map()
    made.where, made.tag, made.keys_at = where, "", {}
    return made


def new_seq(where: Where, items: list[Node] | None = None) -> Seq:
    made = Seq(items or [])
    made.where, made.tag = where, ""
    return made


def new_text(value: str, where: Where, *, plain: bool = True, tag: str = "") -> Text:
    made = Text(value)
    made.where, made.tag, made.plain = where, tag, plain
    return made


def load(text: str, path: str) -> Node:
    """The first document, None for an empty file."""
    documents = load_all(text, path)
    return documents[0] if documents else None


def load_all(text: str, path: str) -> list[Node]:
    """Every document. Raises YamlError for what cannot be read within the limits."""
    if len(text.encode("utf-8", "replace")) > SIZE_LIMIT_BYTES:
        raise YamlError(f"{path} is larger than {SIZE_LIMIT_BYTES // 1024} KiB")
    builder = _Builder(path)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.take(event)
    except yaml.YAMLError as error:
        raise _readable(error, text, path) from error
    except (ValueError, RecursionError) as error:
        raise YamlError(f"{path} could not be read as YAML") from error
    return builder.documents


def _readable(error: yaml.YAMLError, text: str, path: str) -> YamlError:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark is not None else None
    why = "it is a template" if TEMPLATED.search(text) else str(getattr(error, "problem", None) or "not valid YAML")
    return YamlError(f"{path} could not be read as YAML: {why}", line)


@dataclass
class _Open:
    """A collection under construction. `key` waits for its value."""

    node: Map | Seq
    anchor: str | None
    start: int
    key: str | None = None
    has_key: bool = False
    merges: list[Node] = field(default_factory=list)


class _Builder:
    def __init__(self, path: str) -> None:
        self.path = path
        self.documents: list[Node] = []
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.nodes = 0
        self.aliases = 0

    def take(self, event: yaml.Event) -> None:
        where = Where(self.path, event.start_mark.line + 1 if event.start_mark else None)
        if isinstance(event, yaml.DocumentStartEvent):
            self.anchors = {}
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event.anchor or "", where)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event, where)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._open(event, where)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._close()

    def _count(self, nodes: int, where: Where) -> None:
        self.nodes += nodes
        if self.nodes > NODE_LIMIT:
            raise YamlError(f"{self.path} holds more than {NODE_LIMIT} nodes", where.line)

    def _alias(self, name: str, where: Where) -> None:
        self.aliases += 1
        if self.aliases > ALIAS_LIMIT:
            raise YamlError(f"{self.path} uses more than {ALIAS_LIMIT} aliases", where.line)
        if name not in self.anchors:
            raise YamlError(f"{self.path} uses the undefined alias {name}", where.line)
        node, size = self.anchors[name]
        self._count(size, where)
        self._add(node, where)

    def _scalar(self, event: yaml.ScalarEvent, where: Where) -> None:
        self._count(1, where)
        plain = not event.style  # libyaml gives an empty string
        value: Node = new_text(event.value, where, plain=plain, tag=_own_tag(event.tag))
        if plain and event.value in NULLS and not value.tag:
            value = None
        if event.anchor:
            self.anchors[event.anchor] = (value, 1)
        self._add(value, where, key=event.value)

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent, where: Where) -> None:
        self._count(1, where)
        if len(self.stack) >= DEPTH_LIMIT:
            raise YamlError(f"{self.path} is nested deeper than {DEPTH_LIMIT} levels", where.line)
        node = new_map(where) if isinstance(event, yaml.MappingStartEvent) else new_seq(where)
        node.tag = _own_tag(event.tag)
        self.stack.append(_Open(node, event.anchor, self.nodes))

    def _close(self) -> None:
        done = self.stack.pop()
        if isinstance(done.node, Map):
            _apply_merges(done.node, done.merges)
        if done.anchor:
            self.anchors[done.anchor] = (done.node, self.nodes - done.start + 1)
        self._add(done.node, done.node.where)

    def _add(self, node: Node, where: Where, key: str | None = None) -> None:
        """Hand a finished node to the collection that waits for it, as key, value or item."""
        if not self.stack:
            if len(self.documents) >= DOCUMENT_LIMIT:
                raise YamlError(f"{self.path} holds more than {DOCUMENT_LIMIT} documents", where.line)
            self.documents.append(node)
            return
        top = self.stack[-1]
        if isinstance(top.node, Seq):
            top.node.append(node)
        elif not top.has_key:
            top.key, top.has_key = key if key is not None else str(node)[:100], True
            top.node.keys_at.setdefault(top.key, where)
        else:
            self._set(top, node, where)

    def _set(self, top: _Open, node: Node, where: Where) -> None:
        assert isinstance(top.node, Map)
        key, top.key, top.has_key = top.key or "", None, False
        if key == MERGE_KEY:
            top.merges.extend(node if isinstance(node, Seq) else [node])
            top.node.keys_at.pop(MERGE_KEY, None)
        else:
            top.node[key] = node


def _apply_merges(node: Map, merges: list[Node]) -> None:
    """`<<`: own keys win, then earlier merges (YAML merge key specification)."""
    for merged in merges:
        if isinstance(merged, Map):
            for key, value in merged.items():
                if key not in node:
                    node[key] = value
                    node.keys_at[key] = merged.at(key)


def _own_tag(tag: str | None) -> str:
    """A local tag such as `!reset`; the standard ones say nothing here."""
    return tag if tag and tag != "!" and not tag.startswith("tag:yaml.org,2002:") else ""


def is_true(node: Node) -> bool:
    return isinstance(node, str) and node.strip().lower() in TRUE


def as_map(node: Node) -> Map | None:
    return node if isinstance(node, Map) else None


def child(node: Node, *keys: str) -> Node:
    """Walk down mappings; None where a step is absent or no mapping."""
    for key in keys:
        node = node.get(key) if isinstance(node, Map) else None
    return node


def texts(node: Node) -> list[str]:
    """A scalar as one item, a sequence's scalars as they come."""
    if isinstance(node, str):
        return [node]
    return [item for item in node if isinstance(item, str)] if isinstance(node, Seq) else []
