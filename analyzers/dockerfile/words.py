"""Splitting the text of one instruction: flags, quoted words, NAME=VALUE pairs and JSON arrays, as BuildKit does.

Every splitter reads its text once. `escape` is the file's escape character.
"""

from __future__ import annotations

import json

from analyzers import regexes as re
from analyzers.dockerfile.syntax import Flag

SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
BLANKS = re.compile(r"[\t\v\f\r ]+")
_QUOTES = "'\""
_SPACE_SET = frozenset(SPACE)
_PLAIN_WORD = {escape: re.compile(rf"[^\s'\"{re.escape(escape)}]+") for escape in "\\`"}
_JSON = json.JSONDecoder(parse_constant=lambda name: _refuse(name))


class WordsError(Exception):
    """The arguments break the instruction's grammar; the message says how."""


def blank_separated(text: str) -> tuple[str, ...]:
    return tuple(BLANKS.split(text)) if text else ()


def quoted_words(text: str, escape: str) -> list[str]:
    """Blank-separated words in which quotes and escapes guard blanks; both are kept in the words."""
    if escape not in text and "'" not in text and '"' not in text:
        return text.split()
    words: list[str] = []
    position = 0
    while position < len(text):
        if text[position] in _SPACE_SET:
            position += 1
            continue
        word, position = _quoted_word(text, position, escape)
        if word:
            words.append(word)
    return words


def _quoted_word(text: str, position: int, escape: str) -> tuple[str, int]:
    """The word that starts here and the position behind it."""
    pieces: list[str] = []
    quote = ""
    plain = _PLAIN_WORD[escape]
    while position < len(text):
        if not quote and (run := plain.match(text, position)):
            pieces.append(run.group())
            position = run.end()
            continue
        character = text[position]
        if not quote and character in _SPACE_SET:
            break
        if character == escape and quote != "'":
            pieces.append("" if position + 1 == len(text) else text[position : position + 2])
            position += 2
            continue
        if character in _QUOTES and quote in ("", character):
            quote = "" if quote else character
        pieces.append(character)
        position += 1
    return "".join(pieces), position


def pairs(text: str, keyword: str, escape: str) -> tuple[str, ...]:
    """The arguments of ENV and LABEL as "K=V"; the old form `ENV K V` is one pair. Raises WordsError."""
    words = quoted_words(text, escape)
    if not words:
        return ()
    if "=" not in words[0]:
        parts = BLANKS.split(text, maxsplit=1)
        if len(parts) < 2:
            raise WordsError(f"{keyword} must have two arguments")
        return (f"{parts[0]}={parts[1]}",)
    wrong = next((word for word in words if "=" not in word), None)
    if wrong is not None:
        raise WordsError(f"{keyword} needs NAME=VALUE, and {_short(wrong)} has no =")
    return tuple(words)


def json_strings(text: str) -> tuple[str, ...] | None:
    """The strings of a JSON array, None where the text is not one. Raises WordsError where it holds anything else."""
    if not text.startswith("["):
        return None
    try:
        values = _JSON.decode(text)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(value, str) for value in values):
        raise WordsError("when using JSON array syntax, arrays must be comprised of strings only")
    return tuple(values)


def split_flags(text: str, position: int, escape: str) -> tuple[tuple[Flag, ...], int]:
    """The leading `--name=value` words from `position` on, quotes removed, and the position where they end."""
    flags: list[Flag] = []
    while True:
        while position < len(text) and text[position] in _SPACE_SET:
            position += 1
        if not text.startswith("--", position):
            return tuple(flags), position
        word, position = _flag_word(text, position, escape)
        if word == "--":
            return tuple(flags), position
        name, equals, value = word[2:].partition("=")
        flags.append(Flag(name, value if equals else None))


def _flag_word(text: str, position: int, escape: str) -> tuple[str, int]:
    pieces: list[str] = []
    quote = ""
    plain = _PLAIN_WORD[escape]
    while position < len(text):
        if not quote and (run := plain.match(text, position)):
            pieces.append(run.group())
            position = run.end()
            continue
        character = text[position]
        if not quote and character in _SPACE_SET:
            break
        if character == escape:
            pieces.append(text[position + 1 : position + 2])
            position += 2
            continue
        if character in _QUOTES and quote in ("", character):
            quote = "" if quote else character
        else:
            pieces.append(character)
        position += 1
    return "".join(pieces), min(position, len(text))


def _short(word: str) -> str:
    return repr(word if len(word) <= 40 else word[:37] + "...")


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
