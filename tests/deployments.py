"""A repository of a few files, gathered as far as its deployment and processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analyzers.artifacts.bases import Bases
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.deployment import Deployment, Service
from analyzers.artifacts.processes import Process, Processes, Server
from analyzers.artifacts.target import Target
from analyzers.gatherers.lint.bases import look_up_bases
from analyzers.gatherers.lint.build_plan import gather_build_plan
from analyzers.gatherers.lint.deployment import find_deployment
from analyzers.gatherers.lint.processes import find_processes
from analyzers.targets import choose_target
from tests.builders import source


@dataclass(frozen=True)
class Gathered:
    target: Target
    plan: BuildPlan
    bases: Bases
    deployment: Deployment
    processes: Processes

    @property
    def service(self) -> Service:
        return self.deployment.services[0]

    @property
    def process(self) -> Process:
        return self.processes.all[0]

    @property
    def server(self) -> Server:
        return self.process.servers[0]


def gather(root: Path, files: Mapping[str, str | bytes], **chosen: str) -> Gathered:
    """`chosen` are arguments of choose_target."""
    repository = source(root, files)
    target = choose_target(repository, **chosen)
    plan = gather_build_plan.run(repository, target)
    assert isinstance(plan, BuildPlan), plan
    bases = look_up_bases.run(plan)
    deployment = find_deployment.run(repository, target, plan, bases)
    return Gathered(target, plan, bases, deployment, find_processes.run(repository, plan, bases, deployment))


def image(command: str, *lines: str, base: str = "python:3.12-slim") -> str:
    """A Dockerfile that copies everything to /app and ends in `command`."""
    return "\n".join([f"FROM {base}", "WORKDIR /app", "COPY . .", *lines, command]) + "\n"
