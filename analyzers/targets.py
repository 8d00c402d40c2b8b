"""Which images a repository builds, and the one to look at when the user does not say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from analyzers import regexes as re
from analyzers.artifacts.target import Target
from analyzers.deploy import command_lines, compose, names, sets, stages
from analyzers.deploy.builds import Build, find_all
from analyzers.deploy.paths import join, parent
from analyzers.source import Source, SourceError
from analyzers.tree import Tree, per_tree

NAME = re.compile(r"(?:.*[-_.])?(?:dockerfile|containerfile)(?:[-_.].*)?$", re.I)
OTHER_KINDS = re.compile(
    r"\.(?:dockerignore|md|rst|txt|py|go|js|jsx|ts|tsx|rb|rs|java|kt|sh|html|css|json|ya?ml|toml|lock|png|svg|lua|vim|php|c|h|cs|swp|bak|orig|snap)$",
    re.I,
)
SIZE_LIMIT_BYTES = 256 * 1024
TARGETS_LIMIT = 200
ORIGINS = ("compose", "bake", "workflow", "ci", "script", "document")


def find_targets(source: Source) -> tuple[Target, ...]:
    """Every Dockerfile of the tree as a target, the likeliest to be meant first."""
    return _targets(source.tree)


@per_tree
def _targets(tree: Tree) -> tuple[Target, ...]:
    builds = find_builds(tree)
    found = sorted(_dockerfiles(tree, builds), key=lambda path: _order(tree, path, builds))
    return tuple(_target(tree, path, builds) for path in found[:TARGETS_LIMIT])


def choose_target(
    source: Source,
    dockerfile: str | None = None,
    context: str | None = None,
    stage: str | None = None,
    build_args: Mapping[str, str] | None = None,
    deployment_files: Sequence[str] = (),
) -> Target:
    """The target that the user names, with what is not said filled in from deployment files.

    Raises SourceError with one sentence where there is nothing to build or a named thing is absent.
    """
    builds = find_builds(source.tree)
    path = _existing_dockerfile(source.tree, dockerfile) if dockerfile else _best(source)
    folder = _existing_context(source.tree, context) if context else None
    files = tuple(_existing_file(source.tree, file) for file in deployment_files)
    return _target(source.tree, path, builds, folder, stage, build_args or {}, files)


@per_tree
def find_builds(tree: Tree) -> list[Build]:
    """Every place that builds a Dockerfile of this tree, those that say most about production first."""
    lines = command_lines.find_all(tree)
    found = sets.find(tree, compose.find(tree), lines)
    builds = find_all(tree, ((each.project, bool(each.development)) for each in found), lines)
    return sorted((build for build in builds if _is_regular(tree, build.dockerfile)), key=_weight)


def _weight(build: Build) -> tuple[bool, bool, int]:
    """Documents come last: their examples are often shortened."""
    return build.origin == "document", build.development, ORIGINS.index(build.origin)


def _is_regular(tree: Tree, path: str) -> bool:
    """A link is not followed; the file it leads to is a target of its own."""
    entry = tree.entry(path)
    return entry is not None and not entry.symlink


def _dockerfiles(tree: Tree, builds: list[Build]) -> set[str]:
    named = {build.dockerfile for build in builds}
    found = {e.path for e in tree.entries if NAME.match(e.name) and not OTHER_KINDS.search(e.name) and not e.symlink}
    return {path for path in found | named if _is_dockerfile(tree, path, path in named)}


def _is_dockerfile(tree: Tree, path: str, named: bool) -> bool:
    """A named one counts whatever it holds, so that its faults can be told."""
    return named or stages.has_from(_text(tree, path))


def _text(tree: Tree, path: str) -> str:
    texts = _texts(tree)
    if path not in texts:
        texts[path] = (tree.read_bytes(path, SIZE_LIMIT_BYTES) or b"").decode("utf-8", "replace")
    return texts[path]


@per_tree
def _texts(tree: Tree) -> dict[str, str]:
    """Dockerfiles read so far."""
    return {}


def _order(tree: Tree, path: str, builds: list[Build]) -> tuple[bool, bool, int, bool, bool, int, str]:
    own = [build for build in builds if build.dockerfile == path]
    development = names.is_development(path) or _only_development_stage(tree, path, own)
    deployed = 0 if any(b.origin in ("compose", "bake") and not b.development for b in own) else 1 if own else 2
    python = stages.about_python(_text(tree, path))
    return (
        development,
        names.is_vendored(path),
        deployed,
        not python,
        not names.is_production(path),
        path.count("/"),
        path,
    )


def _only_development_stage(tree: Tree, path: str, builds: list[Build]) -> bool:
    stage, _ = _stage(tree, path, builds)
    return stage is not None and names.is_development(stage)


def _target(
    tree: Tree,
    path: str,
    builds: list[Build],
    context: str | None = None,
    stage: str | None = None,
    build_args: Mapping[str, str] | None = None,
    deployment_files: tuple[str, ...] = (),
) -> Target:
    own = [build for build in builds if build.dockerfile == path]
    folder, why_context = (context, "the context is given") if context else _context(tree, path, own)
    chosen, why_stage = (stage, "the stage is given") if stage else _stage(tree, path, own)
    args = {**_build_args(tree, path, own, folder, chosen), **(build_args or {})}
    development = names.is_development(path) or (chosen is not None and names.is_development(chosen))
    return Target(path, folder, chosen, args, f"{why_stage}; {why_context}", development, deployment_files)


def _context(tree: Tree, path: str, builds: list[Build]) -> tuple[str, str]:
    """The folder that the weightiest build uses; else the one where most of what it copies exists."""
    if builds:
        return builds[0].context, f"{_place(builds[0])} uses the context {builds[0].context}"
    own, sources = parent(path), stages.copied(_text(tree, path))
    candidates = sorted({own, parent(own), "."}, key=lambda folder: (-_existing(tree, folder, sources), folder != own))
    best = candidates[0]
    why = "its own folder" if best == own else "the folder that holds most of what it copies"
    return best, f"no file says the context, {best} is {why}"


def _existing(tree: Tree, folder: str, sources: list[str]) -> int:
    return sum(1 for source in sources if _exists(tree, join(folder, source.lstrip("/") or ".")))


def _exists(tree: Tree, path: str | None) -> bool:
    """A pattern counts by the folder before its first wildcard."""
    if path is None:
        return False
    if any(sign in path for sign in "*?["):
        return any(entry.path.startswith(re.split(r"[*?\[]", path)[0]) for entry in tree.entries)
    return tree.is_file(path) or tree.is_dir(path)


def _stage(tree: Tree, path: str, builds: list[Build]) -> tuple[str | None, str]:
    """The stage that deployment files build where exactly one is named, else the last one (None)."""
    found = stages.names(_text(tree, path))
    naming = [build for build in builds if build.origin != "document"]
    naming = [build for build in naming if not _is_development(build)] or naming
    named = Counter(stages.index_of(build.stage, found) for build in naming)
    named.pop(None, None)
    if len(named) == 1 and next(iter(named)) != len(found) - 1:
        build = next(build for build in naming if stages.index_of(build.stage, found) in named)
        return build.stage, f"{_place(build)} builds stage {build.stage}"
    if len(named) > 1:
        return None, "several stages are built from it, so the last stage is taken"
    return None, "the last stage is built"


def _is_development(build: Build) -> bool:
    return build.development or bool(build.stage and names.is_development(build.stage))


def _build_args(tree: Tree, path: str, builds: list[Build], context: str, stage: str | None) -> dict[str, str]:
    """Build args of the weightiest compose or bake build of this very target, development ones aside."""
    found = stages.names(_text(tree, path))
    for build in builds:
        same = build.context == context and stages.index_of(build.stage, found) == stages.index_of(stage, found)
        if build.origin in ("compose", "bake") and same and not build.development:
            return dict(build.args)
    return {}


def _place(build: Build) -> str:
    return f"{build.where.path}:{build.where.line}" if build.where.line else build.where.path


def _best(source: Source) -> str:
    found = find_targets(source)
    if not found:
        raise SourceError(
            "no Dockerfile or Containerfile was found in this source: add one, or name it with --dockerfile"
        )
    return found[0].dockerfile


def _existing_dockerfile(tree: Tree, path: str) -> str:
    found = join(".", path)
    if found is not None and tree.is_file(found):
        return found
    others = sorted(_dockerfiles(tree, []))
    known = ", ".join(others[:8]) + (" …" if len(others) > 8 else "")
    hint = f"found here: {known}" if others else "no Dockerfile was found in this source"
    raise SourceError(f"the Dockerfile {path} is not in this source; {hint}")


def _existing_context(tree: Tree, path: str) -> str:
    found = join(".", path)
    if found is None or not (found == "." or tree.is_dir(found)):
        raise SourceError(f"the build context {path} is not a folder of this source: give a path relative to its root")
    return found


def _existing_file(tree: Tree, path: str) -> str:
    found = join(".", path)
    if found is None or not tree.is_file(found):
        raise SourceError(f"the deployment file {path} is not in this source: give a path relative to its root")
    return found
