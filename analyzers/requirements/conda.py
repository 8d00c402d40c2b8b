"""conda's environment.yml."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analyzers.deploy.yaml_limits import Map, Seq, YamlError, load, texts
from analyzers.requirements.entries import Entry, Manifest, ManifestError, parse_specification


def read_environment(text: str) -> Manifest:
    """conda names (`channel::name=1.2`), and the pip list inside."""
    try:
        document = load(text, "environment.yml")
    except YamlError as error:
        raise ManifestError(str(error)) from error
    items = document.get("dependencies") if isinstance(document, Map) else None
    return Manifest(tuple(_conda(items)))


def _conda(items: Any) -> Iterator[Entry]:
    for item in items if isinstance(items, Seq) else []:
        if isinstance(item, Map):
            found = [parse_specification(text, _line(text)) for text in texts(item.get("pip"))]
            yield from (entry for entry in found if entry is not None)
        elif isinstance(item, str):
            name, _, version = item.partition("::")[2].partition("=") if "::" in item else item.partition("=")
            entry = parse_specification(name.strip(), _line(item))
            if entry is not None and entry.name not in ("python", "pip"):
                yield Entry(entry.name, version or entry.specifier, entry.line)


def _line(text: Any) -> int | None:
    where = getattr(text, "where", None)
    return where.line if where is not None else None
