"""Whether the build compiles the application's own modules by an explicit act."""

from __future__ import annotations

from analyzers.artifacts.build_plan import BuildPlan, Step
from analyzers.artifacts.installs import Install, InstallKind, Installs
from analyzers.checks._environment import is_on
from analyzers.results import Finding

DEPENDENCY_FOLDERS = ("site-packages", "dist-packages")


def compiled(plan: BuildPlan, installs: Installs) -> Finding | None:
    """Where the application's modules are compiled, None where nothing does it."""
    steps = [step for stage in plan.reached_stages() for step in stage.steps]
    by_module = next((step for step in steps if _runs_compileall(step)), None)
    if by_module:
        return Finding("`compileall` compiles the modules here", plan.target.dockerfile, by_module.line)
    by_uv = next((install for install in installs.all if _compiles_project(plan, install)), None)
    if by_uv:
        return Finding("uv compiles the project as it installs it", plan.target.dockerfile, by_uv.line)
    return None


def _runs_compileall(step: Step) -> bool:
    return any("compileall" in command.argv and not _dependencies_only(command.argv) for command in step.all_commands())


def _dependencies_only(argv: tuple[str, ...]) -> bool:
    paths = [word for word in argv[argv.index("compileall") + 1 :] if "/" in word]
    return bool(paths) and all(any(folder in path for folder in DEPENDENCY_FOLDERS) for path in paths)


def _compiles_project(plan: BuildPlan, install: Install) -> bool:
    """`uv sync` that installs the project itself, not editable, with byte-code on: an editable install compiles
    nothing of the project (uv's documentation, "Compiling bytecode")."""
    words = install.command.split()
    if install.manager != "uv" or install.kind not in (InstallKind.DEPENDENCY, InstallKind.PROJECT):
        return False
    env = _environment_of(plan, install)
    compiles = is_on(env.get("UV_COMPILE_BYTECODE")) or "--compile-bytecode" in words
    return compiles and install.reaches_final and _installs_project(words, env)


def _installs_project(words: list[str], env: dict[str, str]) -> bool:
    if "sync" in words:
        fixed = "--no-editable" in words or is_on(env.get("UV_NO_EDITABLE"))
        return fixed and not {"--no-install-project", "--no-install-workspace"} & set(words)
    return "." in words and not {"-e", "--editable"} & set(words)


def _environment_of(plan: BuildPlan, install: Install) -> dict[str, str]:
    steps = plan.stages[install.stage].steps
    return next((dict(step.env) for step in steps if step.position == install.position), {})
