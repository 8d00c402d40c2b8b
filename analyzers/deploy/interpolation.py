"""Compose interpolation: `$X`, `${X}`, `${X:-default}`, `${X-default}`, `${X:+alt}`, `${X:?error}`, `$$`.

Rules: https://docs.docker.com/reference/compose-file/interpolation/. A variable without value and default keeps its
`${NAME}`, so that a reader can tell it was left open.
"""

from __future__ import annotations

from collections.abc import Mapping

from analyzers import regexes as re
from analyzers.deploy.yaml_limits import Map, Node, Seq, Text, new_map, new_seq, new_text
from analyzers.records import dataclass, field

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
OPERATOR = re.compile(r":?[-+?]")
NESTING_LIMIT = 10
BRACES = re.compile(r"\$\{|\}")
OPEN = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")


@dataclass(frozen=True, slots=True)
class Values:
    """`known` decides; `fallback` (a sample) only fills what has neither a known value nor a default."""

    known: Mapping[str, str] = field(default_factory=dict)
    fallback: Mapping[str, str] = field(default_factory=dict)

    def last(self, name: str) -> str:
        return self.fallback.get(name, "${" + name + "}")


def interpolate(text: str, env: Values, depth: int = 0) -> str:
    """`text` with known variables and defaults put in."""
    parts: list[str] = []
    ends = _closing(text) if "${" in text else {}
    at = 0
    while (dollar := text.find("$", at)) >= 0:
        parts.append(text[at:dollar])
        replaced, at = _variable(text, dollar, ends.get(dollar), env, depth)
        parts.append(replaced)
    return "".join(parts) + text[at:]


def is_open(text: str) -> bool:
    """Some variable in it has no known value."""
    return OPEN.search(text) is not None


def _closing(text: str) -> dict[int, int]:
    """Where each `${` that is closed has its brace, found in one pass."""
    ends: dict[int, int] = {}
    waiting: list[int] = []
    for match in BRACES.finditer(text):
        if match[0] == "${":
            waiting.append(match.start())
        elif waiting:
            ends[waiting.pop()] = match.start()
    return ends


def _variable(text: str, dollar: int, end: int | None, env: Values, depth: int) -> tuple[str, int]:
    """What stands for the reference at `dollar` (whose brace is at `end`), and where the text goes on."""
    if text.startswith("$$", dollar):
        return "$", dollar + 2
    if end is not None:
        return _braced(text[dollar + 2 : end], env, depth), end + 1
    if name := NAME.match(text, dollar + 1):
        return env.known.get(name[0], env.last(name[0])), name.end()
    return "$", dollar + 1


def _braced(body: str, env: Values, depth: int) -> str:
    name = NAME.match(body)
    operator = OPERATOR.match(body, name.end()) if name else None
    if name is None or (operator is None and name.end() != len(body)):
        return "${" + body + "}"
    value = env.known.get(name[0])
    if operator is None:
        return env.last(name[0]) if value is None else value
    word = body[operator.end() :]
    known = value is not None and (value != "" or not operator[0].startswith(":"))
    return _by_operator(operator[0][-1], name[0], value if known else None, word, env, depth)


def _by_operator(sign: str, name: str, value: str | None, word: str, env: Values, depth: int) -> str:
    nested = interpolate(word, env, depth + 1) if depth < NESTING_LIMIT else word
    if sign == "+":
        return "" if value is None else nested
    if value is not None:
        return value
    return nested if sign == "-" else env.last(name)


def interpolate_node(node: Node, env: Values) -> Node:
    """A copy of the node with every value interpolated; keys stay. Depth is bounded by the YAML reader."""
    if isinstance(node, Map):
        made = new_map(node.where)
        made.tag, made.keys_at = node.tag, dict(node.keys_at)
        for key, value in node.items():
            made[key] = interpolate_node(value, env)
        return made
    if isinstance(node, Seq):
        items = new_seq(node.where, [interpolate_node(item, env) for item in node])
        items.tag = node.tag
        return items
    if isinstance(node, Text) and "$" in node:
        return new_text(interpolate(node, env), node.where, plain=node.plain, tag=node.tag)
    return node
