"""Options of a command line, and of variables and files that stand in for them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence


def value(argv: Sequence[str], *names: str) -> str | None:
    """The last value given to one of the options: `--name v`, `--name=v`, `-n v`, `-nv`. None where absent."""
    found = None
    for index, word in enumerate(argv):
        for name in names:
            if word == name:
                found = argv[index + 1] if index + 1 < len(argv) else ""
            elif word.startswith(name + "="):
                found = word[len(name) + 1 :]
            elif len(name) == 2 and not word.startswith("--") and word.startswith(name) and len(word) > 2:
                found = word[2:]
    return found


def present(argv: Sequence[str], *names: str) -> str:
    """The option as written where it stands, "" else."""
    return next((word for word in argv if word in names or word.partition("=")[0] in names), "")


def arguments(argv: Sequence[str], flags: frozenset[str] = frozenset()) -> list[str]:
    """Words that are neither options nor, for the options named in `flags` (which stand alone), their values."""
    found, skip = [], False
    for word in argv:
        if skip:
            skip = False
        elif word.startswith("-") and word != "-":
            skip = "=" not in word and word not in flags and not (len(word) > 2 and not word.startswith("--"))
        else:
            found.append(word)
    return found


def split(text: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(text))
    except ValueError:
        return tuple(text.split())
