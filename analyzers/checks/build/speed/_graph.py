"""The step graph of a build: which step has to wait for which."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.artifacts.build_plan import BuildPlan, Step

Node = tuple[int, int]


class StepGraph:
    """Ancestors of every step: the instruction before it, its stage's base, and the stages it copies or mounts from."""

    def __init__(self, plan: BuildPlan) -> None:
        self._plan = plan
        self._ancestors: dict[Node, frozenset[Node]] = {}
        self._ends: dict[int, frozenset[Node]] = {}
        for stage in plan.stages:
            self._ends[stage.index] = self._walk(stage.index)

    def independent(self, one: Step, other: Step) -> bool:
        """Neither waits for the other, so a builder can run both at once."""
        first, second = _node(one), _node(other)
        return first != second and first not in self._of(second) and second not in self._of(first)

    def _of(self, node: Node) -> frozenset[Node]:
        return self._ancestors.get(node, frozenset())

    def _walk(self, index: int) -> frozenset[Node]:
        """Records each step's ancestors; returns all that the stage's end rests on. References go upwards only."""
        stage = self._plan.stages[index]
        before = self._ends.get(stage.base_stage, frozenset()) if stage.base_stage is not None else frozenset()
        for step in stage.steps:
            for source in _sources(step):
                before |= self._ends.get(source, frozenset())
            self._ancestors[_node(step)] = before
            before |= {_node(step)}
        return before


def _sources(step: Step) -> Iterator[int]:
    if step.copy is not None and step.copy.stage is not None:
        yield step.copy.stage
    yield from (mount.source_stage for mount in step.mounts if mount.source_stage is not None)


def _node(step: Step) -> Node:
    return step.stage, step.position
