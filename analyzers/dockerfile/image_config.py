"""The final image's configuration, from the instructions of its whole stage chain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analyzers.artifacts.build_plan import ImageConfig, Stage, Step
from analyzers.dockerfile.scope import Scope
from analyzers.dockerfile.syntax import Instruction
from analyzers.dockerfile.words import quoted_words
from analyzers.records import replace


def image_config(stages: Iterable[Stage], escape: str) -> ImageConfig:
    """`stages` are the chain, base-most first. An ENTRYPOINT drops a CMD that an earlier stage of the chain set, as
    the builder does; one in the same stage stays."""
    config = ImageConfig()
    for stage in stages:
        cmd_set = False
        for step in stage.steps:
            if step.keyword == "ENTRYPOINT" and not cmd_set:
                config = replace(config, cmd=None, cmd_json=False, cmd_line=0)
            cmd_set = cmd_set or step.keyword == "CMD"
            changes = _changes(step, config, escape)
            config = replace(config, **changes) if changes else config
    return config


def _changes(step: Step, config: ImageConfig, escape: str) -> dict[str, Any]:
    """The fields that one step sets."""
    instruction = step.instruction
    scope = Scope(step.env, step.workdir, step.user, escape=escape)
    match step.keyword:
        case "ENV":
            pairs = scope.pairs(instruction)
            lines = dict.fromkeys(pairs, step.line)
            return {"env": {**config.env, **pairs}, "env_lines": {**config.env_lines, **lines}}
        case "ENTRYPOINT" | "CMD":
            return _command(step.keyword.lower(), instruction)
        case "HEALTHCHECK":
            return _healthcheck(instruction, escape)
        case "USER":
            return {"user": scope.after(instruction).user, "user_line": step.line}
        case "WORKDIR":
            return {"workdir": scope.after(instruction).workdir}
        case "SHELL" if instruction.json:
            return {"shell": instruction.words}
        case "EXPOSE":
            return {"exposed": tuple(dict.fromkeys((*config.exposed, *_split(scope, instruction))))}
        case "VOLUME":
            return {"volumes": tuple(dict.fromkeys((*config.volumes, *_split(scope, instruction))))}
        case "STOPSIGNAL":
            return {"stop_signal": scope.expanded(instruction.text)}
    return {}


def _command(name: str, instruction: Instruction) -> dict[str, Any]:
    words = instruction.words if instruction.json else (instruction.text,)
    return {name: words, f"{name}_json": instruction.json, f"{name}_line": instruction.line}


def _healthcheck(instruction: Instruction, escape: str) -> dict[str, Any]:
    kind, _, command = instruction.text.partition(" ")
    words = instruction.words if instruction.json else tuple(quoted_words(command.strip(), escape))
    return {
        "healthcheck": instruction.text,
        "healthcheck_words": () if kind.upper() == "NONE" else words,
        "healthcheck_json": instruction.json,
        "healthcheck_flags": {flag.name: flag.value or "" for flag in instruction.flags},
        "healthcheck_line": instruction.line,
    }


def _split(scope: Scope, instruction: Instruction) -> list[str]:
    """Words, those that an expansion brings included."""
    return [part for word in scope.words(instruction) for part in ([word] if instruction.json else word.split())]
