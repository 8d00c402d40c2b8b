"""What stands before what in a stage, over the chain of stages that it is built from."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from analyzers.artifacts.build_plan import BuildPlan, Step
from analyzers.artifacts.context import BuildContext, ContextCopy
from analyzers.artifacts.dependencies import Dependencies
from analyzers.artifacts.installs import Install, InstallKind, Installs
from analyzers.artifacts.missing import Missing

Place = tuple[int, int]


def place(item: Install | ContextCopy | Step) -> Place:
    return item.stage, item.position


def steps_before(plan: BuildPlan, item: Install | ContextCopy) -> list[Step]:
    """All steps that ran before the item's own, in its stage and the stages below it."""
    steps = plan.steps_of(item.stage)
    return steps[: next((i for i, step in enumerate(steps) if place(step) == place(item)), len(steps))]


def copies_before(plan: BuildPlan, context: BuildContext, install: Install) -> list[ContextCopy]:
    """Copies from the context whose change makes this install run again: earlier ones, and its own bind mounts."""
    earlier = {place(step) for step in steps_before(plan, install)}
    return [
        copy
        for copy in context.copies
        if (not copy.mount and place(copy) in earlier) or (copy.mount and place(copy) == place(install))
    ]


def dependency_installs(plan: BuildPlan, installs: Installs) -> list[Install]:
    """Installs that read a project manifest, in the stages that the target reaches."""
    return [i for i in installs.all if i.kind is InstallKind.DEPENDENCY and i.stage in plan.reached]


def is_named_member(copy: ContextCopy, context: BuildContext, dependencies: Dependencies | Missing) -> bool:
    """All that the copy takes are workspace members or local path dependencies which a manifest names."""
    if copy.whole or isinstance(dependencies, Missing):
        return False
    members = [_clean(requirement.local) for requirement in dependencies.requirements if requirement.local]
    taken = [_clean(posixpath.join(context.path, source.lstrip("/"))) for source in copy.sources]
    return bool(taken) and all(any(_within(path, member) for member in members) for path in taken)


def runs_script_of(install: Install, copy: ContextCopy) -> bool:
    """The install is done by a script that this copy brings, and the copy is not the whole context."""
    return bool(install.script) and not copy.whole


def expensive_between(steps: list[Step], installs: Installs) -> Iterator[Step]:
    """Of these steps, those that install system packages or dependencies."""
    kinds = (InstallKind.SYSTEM, InstallKind.DEPENDENCY)
    expensive = {place(install) for install in installs.all if install.kind in kinds}
    return (step for step in steps if place(step) in expensive)


def _clean(path: str) -> str:
    return posixpath.normpath(path).removeprefix("./")


def _within(path: str, folder: str) -> bool:
    return folder not in ("", ".") and (path == folder or path.startswith(folder + "/"))
