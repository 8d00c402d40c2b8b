"""How a Dockerfile's instructions divide into stages, and which stages a target reaches."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from analyzers.dockerfile.expand import expand
from analyzers.dockerfile.syntax import Dockerfile, Instruction
from analyzers.records import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """A FROM and what follows it. `base` is expanded, `unresolved` where a variable of it has no value.

    `base_stage` is the earlier stage that it names; `last_line` ends right before the next FROM. `valid` is false for a
    FROM whose words make no sense.
    """

    index: int
    start: Instruction
    body: tuple[Instruction, ...]
    name: str
    base: str
    unresolved: bool
    base_stage: int | None
    last_line: int
    valid: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """All stages; `names` are lower-case, each with the stages that bear it in ascending order."""

    blocks: tuple[Block, ...]
    names: Mapping[str, list[int]]

    def stage_called(self, name: str, before: int | None = None) -> int | None:
        """The last stage of this name, else of this number; with `before` only among the stages ahead of that one."""
        limit = len(self.blocks) if before is None else before
        named = self.names.get(name.lower(), [])
        position = bisect_left(named, limit)
        if position:
            return named[position - 1]
        is_number = name.isascii() and name.isdigit() and len(name) < 6
        return int(name) if is_number and int(name) < limit else None

    def reached(self, target: int) -> frozenset[int]:
        """The target, the stages it is built FROM, and those that it copies or mounts from."""
        seen: set[int] = set()
        pending = [target]
        while pending:
            index = pending.pop()
            if index not in seen:
                seen.add(index)
                pending.extend(self._needed_by(self.blocks[index]))
        return frozenset(seen)

    def _needed_by(self, block: Block) -> Iterator[int]:
        if block.base_stage is not None:
            yield block.base_stage
        for instruction in block.body:
            for name in sources(instruction):
                stage = self.stage_called(name, block.index) if name else None
                if stage is not None:
                    yield stage

    def chain(self, target: int) -> tuple[int, ...]:
        """The target and what it is built FROM, base-most first."""
        indexes = [target]
        while (base := self.blocks[indexes[-1]].base_stage) is not None:
            indexes.append(base)
        return tuple(reversed(indexes))


def preamble(dockerfile: Dockerfile) -> tuple[Instruction, ...]:
    """What stands before the first FROM."""
    found = []
    for instruction in dockerfile.instructions:
        if instruction.keyword == "FROM":
            break
        found.append(instruction)
    return tuple(found)


def layout(dockerfile: Dockerfile, args: Mapping[str, str]) -> Layout:
    """The stages in order; `args` are the global ARGs that have a value."""
    starts = [index for index, found in enumerate(dockerfile.instructions) if found.keyword == "FROM"]
    ends = [*starts[1:], len(dockerfile.instructions)] if starts else []
    named: dict[str, list[int]] = {}
    found = []
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        instructions = dockerfile.instructions[start:end]
        is_last = end == len(dockerfile.instructions)
        last_line = dockerfile.text.count("\n") + 1 if is_last else dockerfile.instructions[end].line - 1
        block = _block(index, instructions, args, named, last_line, dockerfile.directives.escape)
        if block.name:
            named.setdefault(block.name.lower(), []).append(index)
        found.append(block)
    return Layout(tuple(found), named)


def _block(
    index: int,
    instructions: Sequence[Instruction],
    args: Mapping[str, str],
    named: Mapping[str, list[int]],
    last_line: int,
    escape: str,
) -> Block:
    start, *body = instructions
    words = start.words
    named_stage = len(words) == 3 and words[1].upper() == "AS"
    expansion = expand(words[0], args, escape) if words else expand("", args)
    base = expansion.text
    valid = bool(base) and (len(words) == 1 or named_stage) and not expansion.error
    earlier = named.get(base.lower())
    name = words[2] if named_stage else ""
    return Block(
        index,
        start,
        tuple(body),
        name,
        base,
        bool(expansion.unresolved),
        earlier[-1] if earlier else None,
        last_line,
        valid,
    )


def sources(instruction: Instruction) -> Iterator[str]:
    """The `from` of COPY --from and of each RUN --mount, as written."""
    for flag in instruction.flags:
        if flag.name == "from":
            yield flag.value or ""
        elif flag.name == "mount":
            yield flag.options().get("from", "")
