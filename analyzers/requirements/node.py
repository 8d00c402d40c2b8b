"""package.json."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from analyzers.requirements.entries import Entry, LineFinder, Manifest, ManifestError
from analyzers.requirements.pyproject import table

NODE_GROUPS = {"dependencies": "", "optionalDependencies": "", "devDependencies": "dev", "peerDependencies": "peer"}


def load_json(text: str) -> Mapping[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ManifestError("not valid JSON") from error
    if not isinstance(document, Mapping):
        raise ManifestError("not a JSON object")
    return document


def read_package_json(text: str) -> Manifest:
    document, lines = load_json(text), LineFinder(text)
    return Manifest(tuple(_node(document, lines)))


def _node(document: Mapping[str, Any], lines: LineFinder) -> Iterator[Entry]:
    for key, group in NODE_GROUPS.items():
        for name, version in table(document, key).items():
            text = version if isinstance(version, str) else ""
            local = text.partition(":")[2] if text.startswith(("file:", "link:")) else ""
            vcs = text.startswith(("git", "github:", "gitlab:"))
            yield Entry(name.lower(), text, lines.find(name), group, vcs=vcs, local=local, ecosystem="node")
