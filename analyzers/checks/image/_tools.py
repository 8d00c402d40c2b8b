"""Where a target calls a tool that its base image would have to bring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.deployment import Deployment
from analyzers.artifacts.missing import Missing


def calls_of(plan: BuildPlan, deployment: Deployment | Missing, tools: Iterable[str]) -> dict[str, str]:
    """For each of the tools that is called, the first place that calls it: health checks before RUN instructions."""
    calls: dict[str, str] = {}
    wanted = frozenset(tools)
    for where, text in _texts(plan, deployment):
        for tool in sorted(wanted & frozenset(_words(text))):
            calls.setdefault(tool, where)
    return calls


def _texts(plan: BuildPlan, deployment: Deployment | Missing) -> Iterator[tuple[str, str]]:
    image = plan.image
    if image.healthcheck:
        yield f"HEALTHCHECK on line {image.healthcheck_line}", image.healthcheck
    services = () if isinstance(deployment, Missing) else deployment.services
    for service in services:
        if service.health is not None:
            yield f"the health check of service `{service.name}`", " ".join(service.health.test)
    for step in plan.final_steps():
        for command in step.all_commands():
            yield f"RUN on line {step.line}", command.name


def _words(text: str) -> list[str]:
    for mark in "\"'[](),;|&`$":
        text = text.replace(mark, " ")
    return [word.rpartition("/")[2] for word in text.split()]
