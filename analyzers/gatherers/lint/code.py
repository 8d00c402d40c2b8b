"""Code: what the target's Python files do, read without running them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.code import Code
from analyzers.artifacts.context import BuildContext
from analyzers.artifacts.dependencies import Dependencies
from analyzers.artifacts.deployment import Deployment
from analyzers.artifacts.missing import Missing
from analyzers.artifacts.target import Target
from analyzers.code import tools
from analyzers.code.taken import absence, python_files
from analyzers.gather import gatherer
from analyzers.lazy import lazy
from analyzers.records import replace
from analyzers.source import Source

if TYPE_CHECKING:
    from analyzers.code import reading
else:
    reading = lazy("analyzers.code.reading")


@gatherer
def gather_code(
    source: Source,
    target: Target,
    plan: BuildPlan | Missing,
    context: BuildContext | Missing,
    dependencies: Dependencies | Missing,
    deployment: Deployment | Missing,
) -> Code:
    paths = python_files(source.tree, target.context, context)
    code = reading.read(source.tree, paths, plan, deployment) if paths else Code(present=True, python=False)
    missing = absence(source.tree, plan, context, paths, bool(code.frameworks or code.entry_modules))
    python = bool(paths) or _needs_python(dependencies)
    return replace(
        code, present=not missing, absent_reason=missing, python=python, tools=tuple(tools.read(source.tree))
    )


def _needs_python(dependencies: Dependencies | Missing) -> bool:
    return not isinstance(dependencies, Missing) and any(
        item.ecosystem == "python" and item.runtime for item in dependencies.requirements
    )
