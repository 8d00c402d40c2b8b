"""requirements.txt, as pip's documentation of the requirements file format describes it."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers import regexes as re
from analyzers.requirements.entries import ENTRY_LIMIT, Entry, Manifest, parse_specification

COMMENT = re.compile(r"(?:^|\s)#.*$")
SHORT = re.compile(r"^-([rce])\s*(.*)$")
LONG = {"--requirement": "r", "--constraint": "c", "--editable": "e"}


def read(text: str) -> Manifest:
    """Constraints (`-c`) are not requirements and are left out."""
    entries: list[Entry] = []
    includes: list[tuple[str, int]] = []
    problems: list[tuple[int, str]] = []
    for line, content in _logical_lines(text):
        option, value = _option(content)
        if option == "r":
            includes.append((value, line))
        elif option in ("", "e") and len(entries) < ENTRY_LIMIT:
            entry = parse_specification(_without_options(value), line)
            if entry is not None:
                entries.append(entry)
            else:
                problems.append((line, value[:80]))
    return Manifest(tuple(entries), tuple(includes), problems=tuple(problems))


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Continuations joined, comments dropped; the number is of the first physical line."""
    pending: list[str] = []
    start = 1
    for number, line in enumerate(text.splitlines(), 1):
        start = start if pending else number
        if line.endswith("\\"):
            pending.append(line[:-1])
            continue
        content = COMMENT.sub("", " ".join([*pending, line])).strip()
        pending = []
        if content:
            yield start, content
    content = COMMENT.sub("", " ".join(pending)).strip()
    if content:
        yield start, content


def _option(content: str) -> tuple[str, str]:
    """("r" | "c" | "e", value), ("", requirement), or ("other", …)."""
    if not content.startswith("-"):
        return "", content
    short = SHORT.match(content)
    if short:
        return short.group(1), short.group(2).strip().strip("'\"")
    name, _, value = content.replace("=", " ", 1).partition(" ")
    return LONG.get(name, "other"), value.strip().strip("'\"")


def _without_options(content: str) -> str:
    """Per-requirement options (`--hash`, `--config-settings`) dropped."""
    return content.partition(" --")[0].strip()
