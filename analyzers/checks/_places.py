"""Where a fix goes, in words, for the texts that checks hand to `with_fix`."""

from __future__ import annotations

from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.dependencies import Dependencies
from analyzers.artifacts.deployment import Deployment, Where
from analyzers.checks._runs import deciding_services


def line_of(where: Where) -> str:
    """`compose.yaml`, line 12."""
    return f"`{where.path}`, line {where.line}" if where.line else f"`{where.path}`"


def final_stage(plan: BuildPlan) -> str:
    """`Dockerfile`, in the final stage (its FROM is on line 12)."""
    line = plan.stages[plan.target_stage].line
    return f"`{plan.target.dockerfile}`, in the final stage (its `FROM` is on line {line})"


def command_place(plan: BuildPlan, process_where: Where) -> str:
    return line_of(process_where if process_where.path else Where(plan.target.dockerfile, plan.image.cmd_line or None))


def services_list(deployment: Deployment) -> str:
    """`web` (`compose.yaml`, line 3) and `worker` (…)."""
    return " and ".join(f"`{service.name}` ({line_of(service.where)})" for service in deciding_services(deployment))


def python_manifest(dependencies: Dependencies, default: str) -> str:
    """The manifest that a Python dependency is added to; `default` where the project has none."""
    names = ("pyproject.toml", "Pipfile", "environment.yml", "environment.yaml", "setup.cfg", "setup.py")
    found = [path for path in dependencies.manifests if path.endswith(names)]
    found += [path for path in dependencies.manifests if path.endswith((".txt", ".in"))]
    return found[0] if found else default


def block(language: str, text: str) -> str:
    """A fenced block that stands on its own in Markdown."""
    return f"\n\n```{language}\n{text.strip()}\n```\n"
