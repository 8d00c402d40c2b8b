"""Looks for the names of build arguments in the files that are copied into their stages."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from analyzers import regexes as re
from analyzers.artifacts.arguments import Arguments
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.context import BuildContext, ContextCopy
from analyzers.gather import gatherer
from analyzers.source import Source
from analyzers.tree import Entry, Tree

FILE_LIMIT = 3000
FILE_LIMIT_BYTES = 256 * 1024
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@gatherer
def find_arguments(source: Source, plan: BuildPlan, context: BuildContext) -> Arguments:
    wanted = {d.name for d in plan.declarations if d.stage in plan.reached and len(d.name) > 2}
    copies = [copy for copy in context.copies if _shares_stage(plan, copy)]
    found: dict[str, str] = {}
    for count, path in enumerate(_files(source.tree, context, copies) if wanted else ()):
        if count >= FILE_LIMIT:
            return Arguments(found, complete=False)
        for name in _names(source.tree, path) & wanted:
            found.setdefault(name, path)
        if len(found) == len(wanted):
            break
    return Arguments(found)


def _shares_stage(plan: BuildPlan, copy: ContextCopy) -> bool:
    """The copy lands in a stage that declares an argument, or in one built on or below it."""
    declaring = {declaration.stage for declaration in plan.declarations if declaration.stage in plan.reached}
    return any(copy.stage in plan.chain_of(stage) or stage in plan.chain_of(copy.stage) for stage in declaring)


def _files(tree: Tree, context: BuildContext, copies: list[ContextCopy]) -> Iterator[str]:
    """Paths of the small files that the copies name, each once; the ignore rules are not needed for this."""
    seen: set[str] = set()
    for copy in copies:
        for named in copy.sources:
            path = posixpath.normpath(posixpath.join(context.path, named.lstrip("/")))
            for entry in _entries(tree, path):
                if entry.path not in seen and (entry.size_bytes or FILE_LIMIT_BYTES + 1) <= FILE_LIMIT_BYTES:
                    seen.add(entry.path)
                    yield entry.path


def _entries(tree: Tree, path: str) -> list[Entry]:
    if tree.is_dir(path):
        return list(tree.under(path))
    entry = tree.entry(path)
    return [] if entry is None else [entry]


def _names(tree: Tree, path: str) -> set[str]:
    data = tree.read_bytes(path, FILE_LIMIT_BYTES) or b""
    return set() if b"\0" in data else set(_NAME.findall(data.decode("utf-8", "replace")))
