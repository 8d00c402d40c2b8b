"""Which COPY --from brings a build result into the final image, and which only a tool or a whole root."""

from __future__ import annotations

from analyzers.artifacts.build_plan import BuildPlan, Step
from analyzers.checks._build_tools import is_installer

_TOOLS = frozenset({"uvx", "tini", "dumb-init", "gosu", "su-exec", "node", "npm", "npx", "curl", "wget", "dockerize"})
_BINARY_FOLDERS = ("/bin", "/sbin", "/usr/bin", "/usr/local/bin", "/usr/sbin")


def results_of(plan: BuildPlan) -> list[Step]:
    """Steps of the final image that take what an earlier stage built."""
    return [step for step in plan.final_steps() if _takes_result(plan, step) or _mounts_result(plan, step)]


def whole_roots(plan: BuildPlan) -> list[Step]:
    return [
        step
        for step in plan.final_steps()
        if step.copy is not None and (step.copy.stage is not None or step.copy.image) and step.copy.sources == ("/",)
    ]


def _takes_result(plan: BuildPlan, step: Step) -> bool:
    copy = step.copy
    if copy is None or copy.stage is None or not _builds(plan, copy.stage):
        return False
    return any(source.strip("/") and not _is_tool(source) for source in copy.sources)


def _mounts_result(plan: BuildPlan, step: Step) -> bool:
    return any(
        mount.type == "bind" and mount.source_stage is not None and _builds(plan, mount.source_stage)
        for mount in step.mounts
    )


def _builds(plan: BuildPlan, stage: int) -> bool:
    """A stage that runs or takes in something; a bare `FROM tool AS tool` only names an image."""
    return any(step.keyword in ("RUN", "COPY", "ADD") for step in plan.steps_of(stage))


def _is_tool(source: str) -> bool:
    folder, _, name = source.rstrip("/").rpartition("/")
    return (name in _TOOLS or is_installer(name)) and (not folder or folder in _BINARY_FOLDERS)
