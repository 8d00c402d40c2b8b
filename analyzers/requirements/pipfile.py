"""Pipfile, and its lock where the Pipfile itself is absent."""

from __future__ import annotations

from analyzers.requirements.entries import Entry, LineFinder, Manifest, normalise
from analyzers.requirements.node import load_json
from analyzers.requirements.pyproject import load_toml, poetry_table, table


def read_pipfile(text: str) -> Manifest:
    document, lines = load_toml(text), LineFinder(text)
    entries = [
        *poetry_table(table(document, "packages"), lines, ""),
        *poetry_table(table(document, "dev-packages"), lines, "dev"),
    ]
    return Manifest(tuple(entries))


def read_pipfile_lock(text: str) -> Manifest:
    document, lines = load_json(text), LineFinder(text)
    groups = (("default", ""), ("develop", "dev"))
    return Manifest(
        tuple(
            Entry(normalise(name), str(table(pin).get("version", "")), lines.find(name), group, vcs="git" in table(pin))
            for key, group in groups
            for name, pin in table(document, key).items()
        )
    )
