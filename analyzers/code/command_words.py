"""The words of every command that may start this target: image, deployment, and the scripts that they name."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterable, Iterator

from analyzers import regexes as re
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.deployment import Deployment
from analyzers.artifacts.missing import Missing
from analyzers.tree import Tree

SCRIPT_LIMIT = 20
SCRIPT_LIMIT_CHARACTERS = 64 * 1024
SCRIPT_NAME = re.compile(r"(?:\.sh|\.bash|\.conf|\.ini|entrypoint|^run|^start|/run|/start[^/]*)$")


def command_words(tree: Tree, plan: BuildPlan | Missing, deployment: Deployment | Missing) -> list[str]:
    words = list(_direct(plan, deployment))
    seen: set[str] = set()
    for word in list(words):
        path = _script(tree, word)
        if path is not None and path not in seen and len(seen) < SCRIPT_LIMIT:
            seen.add(path)
            words += split((tree.read_text(path) or "")[:SCRIPT_LIMIT_CHARACTERS])
    return words


def _direct(plan: BuildPlan | Missing, deployment: Deployment | Missing) -> Iterator[str]:
    if not isinstance(plan, Missing):
        for argv in (plan.image.entrypoint, plan.image.cmd):
            yield from _spread(argv or ())
    if not isinstance(deployment, Missing):
        for service in deployment.services:
            yield from _spread((*(service.entrypoint or ()), *(service.command or ())))


def _spread(argv: Iterable[str]) -> Iterator[str]:
    """Each word, and the words inside a word that is a shell line (`sh -c "…"`)."""
    for word in argv:
        if " " in word or "\n" in word:
            yield from split(word)
        else:
            yield word


def split(text: str) -> list[str]:
    words: list[str] = []
    for line in text.splitlines()[:2_000]:
        try:
            words += shlex.split(line, comments=True)
        except ValueError:
            words += line.split()
    return words


def _script(tree: Tree, word: str) -> str | None:
    """The file in the tree that an image path ends with."""
    if not SCRIPT_NAME.search(word) and not word.startswith("/"):
        return None
    name = posixpath.basename(word)
    if not name or "$" in name or "*" in name or "?" in name or "[" in name:
        return None
    found = [entry.path for entry in tree.named(name) if not entry.path.endswith(".py")]
    return min(found, key=lambda path: path.count("/"), default=None)


def environment(plan: BuildPlan | Missing, deployment: Deployment | Missing) -> dict[str, str]:
    """ENV of the image, then what the services set."""
    known: dict[str, str] = {} if isinstance(plan, Missing) else dict(plan.image.env)
    for service in () if isinstance(deployment, Missing) else deployment.services:
        known.update(service.environment)
    return known
