"""`[ … ]`, `test …` and `[[ … ]]`: true, false, or None where an operand or the machine would have to be known."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fnmatch import fnmatchcase

from analyzers.dockerfile.shell_values import PATTERN_LIMIT, Value

_NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": operator.eq,
    "-ne": operator.ne,
    "-lt": operator.lt,
    "-le": operator.le,
    "-gt": operator.gt,
    "-ge": operator.ge,
}
_EQUAL = {"=": True, "==": True, "!=": False}
_GLOB = frozenset("*?[")


def evaluate(operands: list[Value], patterns: bool = False) -> bool | None:
    """`patterns`: the right side of `==` is one, as in `[[ … ]]`."""
    if any(item.text in ("(", ")", "\\(", "\\)") for item in operands):
        return None
    return _either(operands, patterns)


def matches(text: Value, pattern: Value) -> bool | None:
    """A shell pattern against a text, as `case` and `[[` do."""
    if pattern.text == "*":
        return True
    if not (text.known and pattern.known) or max(len(text.text), len(pattern.text)) > PATTERN_LIMIT:
        return None
    return fnmatchcase(text.text, pattern.text) if _GLOB & set(pattern.text) else text.text == pattern.text


def _either(operands: list[Value], patterns: bool) -> bool | None:
    results = [_both(part, patterns) for part in _parts(operands, ("-o", "||"))]
    if True in results:
        return True
    return None if None in results else False


def _both(operands: list[Value], patterns: bool) -> bool | None:
    results = [_one(part, patterns) for part in _parts(operands, ("-a", "&&"))]
    if False in results:
        return False
    return None if None in results else True


def _parts(operands: list[Value], joiners: tuple[str, str]) -> list[list[Value]]:
    parts: list[list[Value]] = [[]]
    for item in operands:
        if item.text in joiners and item.known and parts[-1]:
            parts.append([])
        else:
            parts[-1].append(item)
    return parts


def _one(operands: list[Value], patterns: bool) -> bool | None:
    negated = False
    while len(operands) > 1 and operands[0].text == "!":
        negated = not negated
        operands = operands[1:]
    result = _plain(operands, patterns)
    return result if result is None else result != negated


def _plain(operands: list[Value], patterns: bool) -> bool | None:
    if not operands:
        return False
    if len(operands) == 1:
        return bool(operands[0].text) if operands[0].known else None
    if len(operands) == 2:
        return _unary(operands[0].text, operands[1])
    if len(operands) == 3:
        return _binary(operands[0], operands[1].text, operands[2], patterns)
    return None


def _unary(test: str, operand: Value) -> bool | None:
    if test not in ("-z", "-n") or not operand.known:
        return None
    return bool(operand.text) == (test == "-n")


def _binary(left: Value, test: str, right: Value, patterns: bool) -> bool | None:
    if test in _EQUAL:
        same = matches(left, right) if patterns else _same(left, right)
        return same if same is None else same == _EQUAL[test]
    if test in _NUMBERS and left.known and right.known and _is_number(left.text) and _is_number(right.text):
        return _NUMBERS[test](int(left.text), int(right.text))
    return None


def _same(left: Value, right: Value) -> bool | None:
    return left.text == right.text if left.known and right.known else None


def _is_number(text: str) -> bool:
    return len(text) < 20 and text.isascii() and text.removeprefix("-").isdecimal()
