"""A tolerant reader of JSON5: comments, single quotes, bare keys and trailing commas become plain JSON."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from analyzers import regexes as re

TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<line>//[^\n]*)
    |(?P<block>/\*)
    |(?P<double>"(?:[^"\\]|\\.)*")
    |(?P<single>'(?:[^'\\]|\\.)*')
    |(?P<number>[-+]?(?:0[xX][0-9a-fA-F]+|\.?[0-9][0-9.eE+-]*))
    |(?P<word>[A-Za-z_$][\w$]*)
    |(?P<sign>[{}\[\]:,])""",
    re.VERBOSE | re.DOTALL,
)
SIZE_LIMIT_CHARACTERS = 256 * 1024
WORDS = frozenset({"true", "false", "null"})


class Json5Error(ValueError):
    """Not JSON5 that this reader understands."""


def loads(text: str) -> Any:
    with contextlib.suppress(ValueError, RecursionError):
        return json.loads(text)
    try:
        return json.loads("".join(_plain(text[:SIZE_LIMIT_CHARACTERS])))
    except (ValueError, RecursionError) as error:
        raise Json5Error("not readable as JSON5") from error


def _plain(text: str) -> list[str]:
    """Tokens of the same document as plain JSON."""
    found: list[str] = []
    position = 1 if text.startswith("\ufeff") else 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise Json5Error(f"unexpected character at {position}")
        position = _after_block(text, match) if match.lastgroup == "block" else match.end()
        token = _token(match)
        if token in ("}", "]") and found and found[-1] == ",":
            found.pop()
        if token:
            found.append(token)
    return found


def _after_block(text: str, match: re.Match[str]) -> int:
    end = text.find("*/", match.end())
    return len(text) if end < 0 else end + 2


def _token(match: re.Match[str]) -> str:
    kind, text = match.lastgroup, match.group()
    if kind == "single":
        return json.dumps(text[1:-1].replace("\\'", "'"))
    if kind == "double":
        return text.replace("\\\n", "")
    if kind == "word":
        return text if text in WORDS else json.dumps(text)
    if kind == "number":
        return _number(text)
    return text if kind == "sign" else ""


def _number(text: str) -> str:
    try:
        value = int(text, 16) if text.lower().lstrip("+-").startswith("0x") else float(text)
    except ValueError as error:
        raise Json5Error("not a number") from error
    return json.dumps(int(value) if value == value and abs(value) < 1e15 and value == int(value) else str(value))
