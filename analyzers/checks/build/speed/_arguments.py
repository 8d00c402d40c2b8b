"""Where a build argument is read."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.artifacts.build_plan import BuildPlan, Declaration, Step
from analyzers.checks._dockerfile import mentions
from analyzers.checks._kinds import builds_assets

_APT = ("apt", "apt-get", "dpkg", "aptitude", "debconf-set-selections")
_NODE = ("npm", "yarn", "pnpm", "bun", "npx", "node")
# What reads an argument of this name from the environment of its RUN.
_READERS = {
    "DEBIAN_FRONTEND": _APT,
    "PIP_": ("pip", "pip3", "python", "python3"),
    "UV_": ("uv", "uvx"),
    "POETRY_": ("poetry",),
    "NPM_CONFIG_": _NODE,
    "NODE_ENV": _NODE,
    "GOPROXY": ("go",),
    "GOFLAGS": ("go",),
    "CGO_": ("go",),
    "CARGO_": ("cargo",),
}
_PROXIES = ("_PROXY", "_proxy")
_BROWSER_PREFIXES = ("VITE_", "NEXT_PUBLIC_", "REACT_APP_", "NUXT_PUBLIC_", "EXPO_PUBLIC_", "PUBLIC_")


def judged(plan: BuildPlan) -> list[Declaration]:
    """Arguments of the stages that the target reaches, and global ones that no stage takes over."""
    in_stages = [declaration for declaration in plan.declarations if declaration.stage in plan.reached]
    taken_over = {declaration.name for declaration in plan.declarations if declaration.stage >= 0}
    return [d for d in plan.declarations if d.stage < 0 and d.name not in taken_over] + in_stages


def scope_of(plan: BuildPlan, declaration: Declaration) -> list[Step]:
    """The steps after the declaration that see it: in its stage, then in reached stages built on it."""
    steps = [step for step in plan.stages[declaration.stage].steps if step.line > declaration.line]
    for stage in plan.reached_stages():
        if stage.index != declaration.stage and declaration.stage in plan.chain_of(stage.index):
            steps += [step for step in stage.steps if step not in steps]
    return steps


def first_reader(plan: BuildPlan, declaration: Declaration) -> Step | None:
    return next((s for s in scope_of(plan, declaration) if reads(s, declaration.name)), None)


def reads(step: Step, name: str) -> bool:
    instruction = step.instruction
    texts = (instruction.original, instruction.text, *(heredoc.content for heredoc in instruction.heredocs))
    if any(mentions(text, name) for text in texts):
        return True
    return step.keyword == "RUN" and any(_reads_environment(step, name))


def _reads_environment(step: Step, name: str) -> Iterator[bool]:
    programs = {command.name for command in step.all_commands()}
    yield name.endswith(_PROXIES)
    yield name.startswith(_BROWSER_PREFIXES) and builds_assets(step)
    yield any(name.upper().startswith(start) and programs & set(tools) for start, tools in _READERS.items())


def in_from(plan: BuildPlan, name: str) -> bool:
    """A FROM line, or another argument above the first one, uses it."""
    return any(
        mentions(instruction.original, name)
        for instruction in plan.dockerfile.instructions
        if instruction.keyword == "FROM" or (instruction.keyword == "ARG" and not instruction.text.startswith(name))
    )
