"""Reads every stage's instructions in order, each with what is in force at its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from analyzers.artifacts.build_plan import CopySource, Declaration, Mount, Stage, Step
from analyzers.dockerfile.copies import context_paths, copy_source, mounts
from analyzers.dockerfile.expand import expand
from analyzers.dockerfile.images import image_reference
from analyzers.dockerfile.layout import Block, Layout
from analyzers.dockerfile.runs import NotFollowed, RunReading, read_run
from analyzers.dockerfile.scope import Scope
from analyzers.dockerfile.syntax import Instruction

SEARCH_LIMIT = 50
ReadContext = Callable[[str], tuple[str, str] | None]


class StageReader:
    """`read_context` gives repository path and text of a context path; at most SEARCH_LIMIT scripts are looked for.

    `declarations` are the stages' ARGs.
    """

    def __init__(
        self, layout: Layout, outer: Scope, build_args: Mapping[str, str], read_context: ReadContext, escape: str
    ) -> None:
        self.declarations: list[Declaration] = []
        self._layout = layout
        self._outer = outer
        self._build_args = build_args
        self._read_context = read_context
        self._escape = escape
        self._searches = 0
        self._scopes: list[Scope] = []
        self._steps: list[tuple[Step, ...]] = []

    def stages(self) -> tuple[Stage, ...]:
        return tuple(self._stage(block) for block in self._layout.blocks)

    def _stage(self, block: Block) -> Stage:
        base = block.base_stage
        scope = Scope(escape=self._escape) if base is None else self._scopes[base]
        above = [] if base is None else list(self._steps[base])
        inherited = len(above)
        for position, instruction in enumerate(block.body):
            step = self._step(block.index, position, instruction, scope, above)
            above.append(step)
            scope = self._after(instruction, scope, block.index)
        self._scopes.append(scope)
        self._steps.append(tuple(above))
        return self._built(block, tuple(above[inherited:]))

    def _built(self, block: Block, steps: tuple[Step, ...]) -> Stage:
        scratch = block.base_stage is None and block.base == "scratch"
        external = block.valid and block.base_stage is None and not scratch
        image = image_reference(
            block.start.words[0], block.base, block.unresolved, block.start.line, block.index, "from"
        )
        return Stage(
            index=block.index,
            name=block.name,
            line=block.start.line,
            end_line=steps[-1].end_line if steps else block.start.end_line,
            base_stage=block.base_stage,
            base_image=image if external else None,
            scratch=scratch,
            platform=block.start.flag("platform") or "",
            steps=steps,
        )

    def _after(self, instruction: Instruction, scope: Scope, stage: int) -> Scope:
        if instruction.keyword != "ARG":
            return scope.after(instruction)
        scope, declared = declare(instruction, scope, stage, self._build_args, self._outer.env)
        self.declarations.extend(declared)
        return scope

    def _step(self, stage: int, position: int, instruction: Instruction, scope: Scope, above: list[Step]) -> Step:
        copy: CopySource | None = None
        mounted: tuple[Mount, ...] = ()
        reading = RunReading()
        if instruction.keyword in ("COPY", "ADD"):
            copy = copy_source(instruction, scope, self._layout, stage)
        elif instruction.keyword == "RUN":
            mounted = mounts(instruction, scope, self._layout, stage)
            reading = self._run(instruction, scope, above, mounted)
        return Step(
            stage,
            position,
            instruction,
            scope.env,
            scope.workdir,
            scope.user,
            commands=reading.commands,
            followed=reading.followed,
            unread=reading.unread,
            mounts=mounted,
            copy=copy,
        )

    def _run(self, instruction: Instruction, scope: Scope, above: list[Step], mounted: tuple[Mount, ...]) -> RunReading:
        def find_script(path: str) -> tuple[str, str] | None:
            self._searches += 1
            if self._searches > SEARCH_LIMIT:
                raise NotFollowed(f"scripts are followed for the first {SEARCH_LIMIT} calls only")
            candidates = context_paths(above, mounted, path)
            return next((found for each in candidates if (found := self._read_context(each))), None)

        return read_run(instruction, scope, find_script)


def declare(
    instruction: Instruction, scope: Scope, stage: int, build_args: Mapping[str, str], outer: Mapping[str, str]
) -> tuple[Scope, list[Declaration]]:
    """The scope behind an ARG and what it declares. A name without default takes its value from `outer`."""
    declared = []
    for word in instruction.words:
        name, equals, written = word.partition("=")
        expansion = expand(written, scope.env, scope.escape)
        default = expansion.text if equals else None
        known = None if expansion.unresolved or expansion.error or not equals else default
        value = build_args.get(name, known if equals else outer.get(name))
        if value is not None:
            scope = scope.with_variables({name: value})
        declared.append(Declaration(name, default, value, instruction.line, stage))
    return scope, declared
