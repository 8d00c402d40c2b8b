"""Build and development tools that stay in the final image: what items 8 and 9 both judge."""

from __future__ import annotations

from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.code import Code
from analyzers.artifacts.dependencies import Dependencies
from analyzers.artifacts.installs import Install, InstallKind, Installs
from analyzers.artifacts.missing import Missing
from analyzers.checks._build_tools import is_compiler, is_development_tool, is_header, is_installer
from analyzers.checks._decide import Case
from analyzers.checks._dockerfile import at, listed, short, unread_in

_GIT_LIBRARIES = frozenset({"git", "pygit2", "gitdb"})


def judge_leftovers(
    case: Case, plan: BuildPlan, installs: Installs, dependencies: Dependencies | Missing, code: Code | Missing
) -> None:
    """Adds to the case every build tool and development dependency that the final image keeps."""
    kept = [install for install in installs.all if install.reaches_final]
    for install in kept:
        _judge_packages(case, plan, install)
        _judge_groups(case, plan, install)
        _judge_git(case, plan, install, _git_is_used(dependencies, code, kept))
        _note_installers(case, plan, install)
    _note_copied_installers(case, plan)
    for step, why in unread_in(plan.final_steps(), installs):
        case.doubt(f"what a RUN installs cannot be told: {why}", *at(plan, step))


def remaining(install: Install) -> list[str]:
    """The packages of an install that the same RUN does not remove again."""
    return [package for package in install.packages if package not in install.removed]


def _judge_packages(case: Case, plan: BuildPlan, install: Install) -> None:
    packages = remaining(install)
    if install.kind is InstallKind.SYSTEM:
        compilers = [package for package in packages if is_compiler(package)]
        headers = [package for package in packages if is_header(package)]
        if compilers:
            case.fail(f"{listed(compilers)} {_stays(compilers)} in the final image", *at(plan, install))
        elif headers:
            case.lower(f"the headers {listed(headers)} stay in the final image", *at(plan, install))
    elif install.kind is InstallKind.TOOL:
        tools = [package for package in packages if is_development_tool(package)]
        if tools:
            case.fail(f"the development tools {listed(tools)} are installed in the final image", *at(plan, install))


def _judge_groups(case: Case, plan: BuildPlan, install: Install) -> None:
    if install.dev_groups:
        brought = f", which line {install.brought_line} copies into it" if install.brought_line else ""
        groups = listed(install.dev_groups)
        message = (
            f"{short(install.command)} installs the development dependencies {groups} for the final image{brought}"
        )
        case.fail(message, *at(plan, install))


def _judge_git(case: Case, plan: BuildPlan, install: Install, used: bool) -> None:
    if install.kind is InstallKind.SYSTEM and "git" in remaining(install) and not used:
        case.lower("`git` stays in the final image, and nothing seen at run time calls it", *at(plan, install))


def _git_is_used(dependencies: Dependencies | Missing, code: Code | Missing, kept: list[Install]) -> bool:
    """A requirement fetched by git that the final image installs, or code that imports a git library."""
    if any("git+" in install.command for install in kept):
        return True
    if not isinstance(dependencies, Missing):
        if any(requirement.vcs and requirement.runtime for requirement in dependencies.requirements):
            return True
        if dependencies.find("gitpython", "pygit2", "dulwich", runtime_only=True):
            return True
    modules = () if isinstance(code, Missing) else code.imports
    return any(found.module.partition(".")[0] in _GIT_LIBRARIES and not found.test for found in modules)


def _note_installers(case: Case, plan: BuildPlan, install: Install) -> None:
    if install.kind is InstallKind.UPGRADE:
        case.note(f"{short(install.command)} leaves a second copy of the installer in a layer", *at(plan, install))
    installers = [package for package in remaining(install) if is_installer(package)]
    if install.kind is InstallKind.TOOL and installers:
        case.note(f"the installer {listed(installers)} stays in the final image", *at(plan, install))


def _note_copied_installers(case: Case, plan: BuildPlan) -> None:
    for step in plan.final_steps():
        names = [source.rpartition("/")[2] for source in step.copy.sources] if step.copy else []
        installers = [name for name in names if is_installer(name)]
        if installers and step.copy is not None and (step.copy.image or step.copy.stage is not None):
            case.note(f"the installer {listed(installers)} stays in the final image", *at(plan, step))


def _stays(names: list[str]) -> str:
    return "stays" if len(names) == 1 else "stay"
