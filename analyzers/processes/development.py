"""Whether a deployment file turns a production image into a development one by its command."""

from __future__ import annotations

from analyzers.artifacts.bases import Bases
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.deployment import Service
from analyzers.artifacts.missing import Missing
from analyzers.artifacts.processes import Process
from analyzers.processes.resolve import resolve
from analyzers.tree import Tree


def replaces_production(tree: Tree, plan: BuildPlan | Missing, bases: Bases | Missing, service: Service) -> bool:
    """The service starts a development server or reloads, where the image by itself runs something better.

    An image without a command of its own gets it from the service, so that command is the one to judge.
    """
    if isinstance(plan, Missing) or (service.command is None and service.entrypoint is None):
        return False
    known = None if isinstance(bases, Missing) else bases
    own = resolve(tree, plan, known, None)
    return bool(own.servers) and not _develops(own) and _develops(resolve(tree, plan, known, service))


def _develops(process: Process) -> bool:
    return any(server.kind == "development" or server.reload for server in process.servers)
