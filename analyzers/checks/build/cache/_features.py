"""What a Dockerfile asks for that only BuildKit offers."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.artifacts.build_plan import BuildPlan
from analyzers.checks._dockerfile import mentions
from analyzers.dockerfile.syntax import Instruction
from analyzers.results import Finding

_FLAGS = {
    "RUN": ("mount", "network", "security", "device"),
    "COPY": ("link", "chmod", "parents", "exclude"),
    "ADD": ("link", "chmod", "exclude", "checksum", "keep-git-dir", "unpack"),
}
PLATFORM_ARGS = (
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETARCH",
    "TARGETVARIANT",
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDARCH",
    "BUILDVARIANT",
)


def features(plan: BuildPlan) -> Iterator[Finding]:
    """One finding for each use, in order of lines."""
    directives = plan.dockerfile.directives
    path = plan.target.dockerfile
    if directives.syntax is not None and _is_version_one(directives.syntax):
        yield Finding(f"the syntax line asks for `{directives.syntax}`", path, directives.syntax_line)
    for instruction in plan.dockerfile.instructions:
        for name in _used(instruction):
            yield Finding(f"{instruction.keyword} uses {name}", path, instruction.line, instruction.end_line)


def _is_version_one(syntax: str) -> bool:
    """The official frontend of the 1.x line, or one built on it; a digest alone says nothing against it."""
    tag = syntax.partition("@")[0].rpartition("/")[2].partition(":")[2]
    return tag.startswith(("1", "master", "experimental", "labs", "latest")) or not tag


def _used(instruction: Instruction) -> Iterator[str]:
    for flag in instruction.flags:
        if flag.name in _FLAGS.get(instruction.keyword, ()):
            yield f"`--{flag.name}`"
    if instruction.heredocs:
        yield "a here-document"
    if instruction.keyword == "FROM" or instruction.keyword == "ARG":
        names = [word.partition("=")[0] for word in instruction.words]
        declared = instruction.keyword == "ARG"
        for name in PLATFORM_ARGS:
            if (declared and name in names) or (not declared and mentions(instruction.original, name)):
                yield f"the automatic `{name}`"
