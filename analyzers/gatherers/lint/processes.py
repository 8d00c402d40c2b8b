"""What each service of the target runs, once its command is followed to the end."""

from __future__ import annotations

from collections.abc import Iterable

from analyzers.artifacts.bases import Bases
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.deployment import Deployment, Service, Where
from analyzers.artifacts.missing import Missing
from analyzers.artifacts.processes import Process, Processes
from analyzers.deploy.paths import join
from analyzers.deploy.stages import about_python
from analyzers.gather import gatherer
from analyzers.processes.image_files import ImageFile
from analyzers.processes.options import split
from analyzers.processes.resolve import resolve
from analyzers.processes.supervisors import PROCFILE_RUNNERS, read_procfile
from analyzers.source import Source
from analyzers.tree import Tree

FOREIGN = frozenset({"nginx", "node", "other", "caddy", "httpd"})


@gatherer
def find_processes(
    source: Source, plan: BuildPlan, bases: Bases | Missing, deployment: Deployment | Missing
) -> Processes:
    known = None if isinstance(bases, Missing) else bases
    found = None if isinstance(deployment, Missing) else deployment
    services = found.services if found is not None and not found.development else ()
    deciding = services or (_open_set(found) or _from_procfile(source.tree, plan, known),)
    processes = tuple(resolve(source.tree, plan, known, service) for service in deciding)
    others = found.other_services if found is not None else ()
    return Processes(
        all=processes,
        python=_is_python(plan, known, processes),
        web=_serves(processes),
        others=_unlike(resolve(source.tree, plan, known, service) for service in others),
    )


def _open_set(deployment: Deployment | None) -> Service | None:
    """Stands for the services of a deciding set that could not be read wholly."""
    if deployment is None or not deployment.files or deployment.development or not deployment.incomplete:
        return None
    return Service("", Where(deployment.files[0]), "compose", command_unknown=deployment.incomplete)


def _unlike(processes: Iterable[Process]) -> tuple[Process, ...]:
    """Each command of each service name once: many sets repeat the same service."""
    return tuple({(process.service, process.argv, process.servers): process for process in processes}.values())


def _serves(processes: tuple[Process, ...]) -> bool | None:
    if any(server.web for process in processes for server in process.servers):
        return True
    return None if any(process.unresolved for process in processes) else False


def _is_python(plan: BuildPlan, bases: Bases | None, processes: tuple[Process, ...]) -> bool:
    """By its base, its servers, or what the final image's own instructions do."""
    base = bases.final if bases is not None else None
    names = {server.name for process in processes for server in process.servers}
    facts = base.facts if base is not None else None
    # The full Node image carries a Python too, for its build tools.
    foreign = bool(names) and names <= FOREIGN - {"other"}
    if facts is not None and "python" in facts.tools and facts.kind != "tool" and not foreign:
        return True
    if names - FOREIGN:
        return True
    image = plan.final_base.base_image
    texts = [step.instruction.text for step in plan.final_steps()]
    return about_python("\n".join([image.name if image else "", *texts]))


def _from_procfile(tree: Tree, plan: BuildPlan, bases: Bases | None) -> Service | None:
    """The `web` line of a Procfile beside the Dockerfile, which comes before the image's own command."""
    path = next((p for folder in (plan.target.context, ".") if tree.is_file(p := join(folder, "Procfile") or "")), None)
    text = tree.read_text(path) if path else None
    if path is None or text is None or _reads_procfile(plan, bases, tree):
        return None
    lines = read_procfile(ImageFile(path, text, Where(path)))
    web = [(command, where) for command, where in lines if text.splitlines()[(where.line or 1) - 1].startswith("web")]
    if not web:
        return None
    command, where = web[0]
    return Service("", where, "procfile", command=split(command), command_where=where)


def _reads_procfile(plan: BuildPlan, bases: Bases | None, tree: Tree) -> bool:
    """The image's own command runs the Procfile itself."""
    own = resolve(tree, plan, bases, None)
    return own.init in PROCFILE_RUNNERS
