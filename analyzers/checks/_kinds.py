"""Kinds of expensive work in a build: front-end assets, Python dependencies, an own compiled component."""

from __future__ import annotations

from analyzers.artifacts.build_plan import BuildPlan, Step
from analyzers.artifacts.installs import Install, InstallKind, Installs
from analyzers.checks._dockerfile import installs_in
from analyzers.dockerfile.commands import Command

FRONT_END = "the front-end build"
PYTHON = "the Python dependencies"
COMPILED = "a compiled component"
_NODE = frozenset({"npm", "yarn", "pnpm", "bun"})
_PYTHON = frozenset({"pip", "uv", "poetry", "pipenv", "pdm", "conda"})
_BUNDLERS = frozenset({"vite", "webpack", "ng", "next", "nuxt", "parcel", "rollup", "esbuild", "tsc", "gulp", "grunt"})
_COMPILERS = frozenset(
    {"gcc", "g++", "cc", "c++", "clang", "cmake", "meson", "ninja", "maturin", "javac", "mvn", "gradle"}
)
_BUILD_VERBS = {"cargo": ("build", "install"), "go": ("build", "install"), "dotnet": ("publish", "build")}


def builds_assets(step: Step) -> bool:
    """The step runs a front-end build: `npm run build`, `vite build` and the like."""
    return any(_is_asset_build(command) for command in step.all_commands())


def compiles(step: Step) -> bool:
    """The step compiles a component of the project's own."""
    return any(_is_compilation(command) for command in step.all_commands())


def kinds_of_work(plan: BuildPlan, installs: Installs) -> dict[str, list[Step]]:
    """For each kind, the steps that do it, in all stages that the target reaches."""
    work: dict[str, list[Step]] = {}
    for stage in plan.reached_stages():
        for step in stage.steps:
            for kind in _kinds(step, installs_in(installs, step)):
                work.setdefault(kind, []).append(step)
    return work


def _kinds(step: Step, installs: list[Install]) -> set[str]:
    managers = {install.manager for install in installs if install.kind is InstallKind.DEPENDENCY}
    found = {FRONT_END} if managers & _NODE or builds_assets(step) else set()
    found |= {PYTHON} if managers & _PYTHON else set()
    return found | ({COMPILED} if compiles(step) else set())


def _is_asset_build(command: Command) -> bool:
    words = command.argv[1:]
    if command.name in _NODE:
        return any("build" in word for word in words if not word.startswith("-")) and "rebuild" not in words
    if command.name == "npx":
        return any(word in _BUNDLERS for word in words)
    return command.name in _BUNDLERS


def _is_compilation(command: Command) -> bool:
    if command.name in _BUILD_VERBS:
        return any(verb in command.argv[1:3] for verb in _BUILD_VERBS[command.name])
    asks = any(word in ("--version", "-v", "--help") for word in command.argv)
    return command.name in _COMPILERS and not asks
