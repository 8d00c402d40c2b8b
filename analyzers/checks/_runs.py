"""Each service of the target as it runs: its process, its entry in the deciding deployment set, its environment."""

from __future__ import annotations

from analyzers.artifacts.bases import Bases
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.deployment import Deployment, Service, Where
from analyzers.artifacts.processes import Process, Processes, Server
from analyzers.checks._environment import Environment, effective_environment
from analyzers.records import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """`service` is None where the image runs by its own command. `label` opens a sentence ("service `web`")."""

    process: Process
    service: Service | None
    environment: Environment

    @property
    def label(self) -> str:
        return f"service `{self.service.name}`" if self.service else "the image"


def runs(processes: Processes, deployment: Deployment, plan: BuildPlan, bases: Bases) -> list[Run]:
    """One per process, never none: where no process was told, an unresolved one stands in."""
    services = {service.name: service for service in deciding_services(deployment)}
    found = []
    for process in processes.all or (_untold(plan),):
        service = services.get(process.service)
        found.append(Run(process, service, effective_environment(plan, bases, service)))
    return found


def deciding_services(deployment: Deployment) -> tuple[Service, ...]:
    """The services that may decide: those of a development set never lower a verdict, so they are left out."""
    return () if deployment.development else deployment.services


def unseen(bases: Bases, deployment: Deployment) -> str:
    """Why something may be supplied that the files do not show, as a sentence; "" where all is seen."""
    if deployment.incomplete and not deployment.development:
        return f"the deployment set could not be read wholly: {deployment.incomplete}"
    if bases.final_scratch:
        return ""
    if bases.final is None or not bases.final.image.resolved:
        return "the base image is left open by a variable, so what it brings is not known"
    if bases.final.facts is None:
        return f"`{bases.final.image.name}` is not in the table of known base images, so what it brings is not known"
    return ""


def is_service(processes: Processes) -> bool:
    """Some process is meant to stay up; a process that could not be told counts."""
    return not processes.all or any(process.long_running for process in processes.all)


def servers(processes: Processes) -> list[Server]:
    return [server for process in processes.all for server in process.servers]


def only_serves_files(processes: Processes) -> bool:
    """Every server is a file server without program code of its own."""
    found = servers(processes)
    return bool(found) and not processes.python and all(server.kind == "static" for server in found)


def is_development_server(process: Process) -> bool:
    return bool(process.servers) and all(server.kind == "development" for server in process.servers)


def _untold(plan: BuildPlan) -> Process:
    place = Where(plan.target.dockerfile, plan.final_base.line)
    return Process("", place, (), "", unresolved="no command was found")
