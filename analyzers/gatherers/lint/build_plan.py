"""Reads the target's Dockerfile from the tree into the BuildPlan."""

from __future__ import annotations

from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.missing import Missing
from analyzers.artifacts.target import Target
from analyzers.dockerfile.parser import FILE_LIMIT_BYTES, parse
from analyzers.dockerfile.stages import plan
from analyzers.gather import gatherer
from analyzers.source import Source


@gatherer
def gather_build_plan(source: Source, target: Target) -> BuildPlan | Missing:
    data = source.tree.read_bytes(target.dockerfile, FILE_LIMIT_BYTES + 1)
    if data is None:
        return Missing(f"{target.dockerfile} is not a readable file of this repository")
    return plan(parse(data, target.dockerfile), target, source.tree.read_text)
