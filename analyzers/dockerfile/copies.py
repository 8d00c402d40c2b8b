"""COPY, ADD and RUN --mount: where they take from, and which file of the context lies behind a path of the image."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from analyzers import regexes as re
from analyzers.artifacts.build_plan import CopySource, Mount, Step
from analyzers.dockerfile.layout import Layout
from analyzers.dockerfile.scope import Scope
from analyzers.dockerfile.syntax import Flag, Instruction

_REMOTE = re.compile(r"(?:https?|ftp|git|ssh)://|git@[^/]+:|github\.com/")
_WILDCARDS = frozenset("*?[")
_PATTERN_LIMIT = 200
CANDIDATE_LIMIT = 20
SOURCE_LIMIT = 30


def copy_source(instruction: Instruction, scope: Scope, layout: Layout, stage: int) -> CopySource | None:
    """None where there is no destination."""
    if len(instruction.words) < 2:
        return None
    openers = {
        word for word in instruction.words if instruction.heredocs and word.lstrip("0123456789").startswith("<<")
    }
    *sources, destination = (scope.expanded(word) for word in instruction.words if word not in openers)
    is_remote = instruction.keyword == "ADD"
    remote = tuple(source for source in sources if is_remote and _REMOTE.match(source))
    local = tuple(source for source in sources if source not in remote)
    origin_stage, image = _origin(instruction.flag("from") or "", scope, layout, stage)
    return CopySource(local, destination, origin_stage, image, bool(openers), remote)


def mounts(instruction: Instruction, scope: Scope, layout: Layout, stage: int) -> tuple[Mount, ...]:
    return tuple(_mount(flag, scope, layout, stage) for flag in instruction.flags if flag.name == "mount")


def _mount(flag: Flag, scope: Scope, layout: Layout, stage: int) -> Mount:
    options = flag.options()
    target = _first(options, "target", "dst", "destination")
    source = _first(options, "source", "src")
    origin_stage, image = _origin(options.get("from", ""), scope, layout, stage)
    return Mount(
        type=options.get("type", "bind"),
        target=scope.path(scope.expanded(target)) if target else "",
        source=scope.expanded(source),
        id=scope.expanded(options.get("id", "")),
        sharing=options.get("sharing", ""),
        source_stage=origin_stage,
        source_image=image,
    )


def _first(options: dict[str, str], *names: str) -> str:
    return next((options[name] for name in names if options.get(name)), "")


def _origin(name: str, scope: Scope, layout: Layout, stage: int) -> tuple[int | None, str | None]:
    """The stage or the external image that `from` names; neither for the build context."""
    if not name:
        return None, None
    found = layout.stage_called(name, stage)
    return (found, None) if found is not None else (None, scope.expanded(name))


def context_paths(steps: Iterable[Step], mounted: Iterable[Mount], path: str) -> list[str]:
    """Context-relative paths whose content could lie at `path` of the image, the likeliest first: bind mounts, then
    copies from the context, the latest first. `steps` are those above, over the chain; `path` is absolute.
    """
    found: dict[str, None] = {}
    for mount in mounted:
        if mount.type == "bind" and mount.source_stage is None and mount.source_image is None:
            found.update(dict.fromkeys(_behind(mount.source or ".", mount.target, mount.target, path)))
    for step in reversed(list(steps)):
        copy = step.copy
        if copy is not None and copy.stage is None and copy.image is None:
            destination = Scope(workdir=step.workdir).path(copy.destination)
            for source in copy.sources[:SOURCE_LIMIT]:
                found.update(dict.fromkeys(_behind(source, copy.destination, destination, path)))
        if len(found) >= CANDIDATE_LIMIT:
            break
    return list(found)[:CANDIDATE_LIMIT]


def _behind(source: str, written: str, destination: str, path: str) -> Iterator[str]:
    """What `source` would have to hold so that it lands on `path` below `destination`."""
    clean = posixpath.normpath("/" + source).lstrip("/") or "."
    name = clean.rpartition("/")[2]
    prefix = destination.rstrip("/") + "/"
    if path == destination and not written.endswith("/"):
        yield clean
    if not path.startswith(prefix):
        return
    rest = path[len(prefix) :]
    if rest == name:
        yield clean
    elif _WILDCARDS & set(name) and "/" not in rest:
        if len(name) <= _PATTERN_LIMIT and len(rest) <= _PATTERN_LIMIT and fnmatchcase(rest, name):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(clean), rest))
        return
    yield posixpath.normpath(posixpath.join(clean, rest))
