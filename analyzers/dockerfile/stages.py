"""A parsed Dockerfile and a target → the BuildPlan: stages resolved, variables expanded, RUN lines read."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from analyzers.artifacts.build_plan import BuildPlan, Declaration
from analyzers.artifacts.missing import Missing
from analyzers.artifacts.target import Target
from analyzers.dockerfile.image_config import image_config
from analyzers.dockerfile.images import images_of
from analyzers.dockerfile.layout import Block, Layout, layout, preamble
from analyzers.dockerfile.scope import PLATFORM_ARGS, Scope, ScopeError
from analyzers.dockerfile.stage_reader import StageReader, declare
from analyzers.dockerfile.syntax import Dockerfile, Problem

ReadFile = Callable[[str], str | None]


def plan(dockerfile: Dockerfile, target: Target, read_file: ReadFile = lambda path: None) -> BuildPlan | Missing:
    """The plan, or why there is none. `read_file` gives the text of a repository path (None where there is none); it
    is asked for the scripts that a RUN calls. Problems of stages that the target does not reach are no obstacle.
    """
    try:
        return _plan(dockerfile, target, read_file)
    except ScopeError as error:
        return Missing(f"{dockerfile.path} cannot be read: {error}")


def _plan(dockerfile: Dockerfile, target: Target, read_file: ReadFile) -> BuildPlan | Missing:
    scope, declarations = _global_scope(dockerfile, target)
    found = layout(dockerfile, scope.env)
    obstacle = _global_obstacle(dockerfile, found)
    if obstacle is not None:
        return _unreadable(dockerfile, obstacle)
    wanted = _target_stage(found, target)
    if wanted is None:
        return Missing(_no_such_stage(dockerfile, found, target))
    reached = found.reached(wanted)
    obstacle = _obstacle(dockerfile, found, reached)
    if obstacle is not None:
        return _unreadable(dockerfile, obstacle)
    reader = StageReader(found, scope, target.build_args, _in_context(target, read_file), dockerfile.directives.escape)
    stages = reader.stages()
    chain = found.chain(wanted)
    return BuildPlan(
        target=target,
        dockerfile=dockerfile,
        stages=stages,
        target_stage=wanted,
        chain=chain,
        reached=reached,
        images=images_of(stages, reached),
        declarations=(*declarations, *reader.declarations),
        image=image_config([stages[index] for index in chain], dockerfile.directives.escape),
    )


def _global_scope(dockerfile: Dockerfile, target: Target) -> tuple[Scope, list[Declaration]]:
    """The ARGs before the first FROM; the automatic platform arguments are in scope there."""
    automatic = {name: target.build_args.get(name, value) for name, value in PLATFORM_ARGS.items()}
    scope = Scope(automatic, escape=dockerfile.directives.escape)
    declarations: list[Declaration] = []
    for instruction in preamble(dockerfile):
        if instruction.keyword == "ARG":
            scope, declared = declare(instruction, scope, -1, target.build_args, {})
            declarations.extend(declared)
    return scope, declarations


def _in_context(target: Target, read_file: ReadFile) -> Callable[[str], tuple[str, str] | None]:
    """Reads a path of the context; gives the repository path with the text."""

    def read(path: str) -> tuple[str, str] | None:
        repository_path = posixpath.normpath(posixpath.join(target.context, path))
        text = None if repository_path.startswith("..") else read_file(repository_path)
        return None if text is None else (repository_path, text)

    return read


def _global_obstacle(dockerfile: Dockerfile, found: Layout) -> Problem | None:
    """What hides or spoils every stage."""
    if dockerfile.truncated:
        return dockerfile.problems[-1]
    stray = [
        Problem(instruction.line, f"{instruction.keyword} stands before the first FROM")
        for instruction in preamble(dockerfile)
        if instruction.keyword != "ARG"
    ]
    if not found.blocks:
        return next(iter((*dockerfile.problems, *stray)), Problem(1, "the file has no FROM"))
    first = found.blocks[0].start.line
    early = [problem for problem in dockerfile.problems if problem.line < first]
    return min([*early, *stray], key=_line, default=None)


def _obstacle(dockerfile: Dockerfile, found: Layout, reached: frozenset[int]) -> Problem | None:
    """The first problem inside a stage that the target reaches."""
    blocks = [found.blocks[index] for index in sorted(reached)]
    invalid = [
        Problem(block.start.line, "FROM needs an image, or an image AS a name") for block in blocks if not block.valid
    ]
    inside = [problem for problem in dockerfile.problems if any(_holds(block, problem) for block in blocks)]
    return min([*inside, *invalid], key=_line, default=None)


def _holds(block: Block, problem: Problem) -> bool:
    return block.start.line <= problem.line <= block.last_line


def _line(problem: Problem) -> int:
    return problem.line


def _target_stage(found: Layout, target: Target) -> int | None:
    return len(found.blocks) - 1 if target.stage is None else found.stage_called(target.stage)


def _unreadable(dockerfile: Dockerfile, problem: Problem) -> Missing:
    return Missing(f"{dockerfile.path} cannot be read: line {problem.line}: {problem.message}")


def _no_such_stage(dockerfile: Dockerfile, found: Layout, target: Target) -> str:
    names = ", ".join(block.name for block in found.blocks if block.name)[:200]
    known = f"its stages are {names}" if names else "its stages have no names"
    return f"{dockerfile.path} has no stage {target.stage!r}; {known}"
