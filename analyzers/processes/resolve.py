"""A service's first process: the command that decides, followed to its servers."""

from __future__ import annotations

from analyzers.artifacts.bases import BaseFacts, Bases
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.deployment import Service, Where
from analyzers.artifacts.processes import Process
from analyzers.deploy.interpolation import is_open
from analyzers.processes.follow import follow
from analyzers.processes.image_files import ImageFiles
from analyzers.processes.setting import Surroundings
from analyzers.processes.trace import Trace
from analyzers.records import dataclass
from analyzers.tree import Tree

INTERPRETERS = frozenset({"python", "python3", "pypy3", "bash", "sh", "/bin/bash", "/bin/sh", "node", "ipython", "irb"})


@dataclass(frozen=True, slots=True)
class Effective:
    """The command before it is followed. `form` is "exec" or "shell"; `unresolved` says why there is none."""

    argv: tuple[str, ...]
    form: str
    where: Where
    unresolved: str = ""


def resolve(tree: Tree, plan: BuildPlan, bases: Bases | None, service: Service | None) -> Process:
    """The process of a service, or of the image by itself where `service` is None."""
    facts = bases.final.facts if bases is not None and bases.final is not None else None
    known = facts is not None or (bases is not None and bases.final_scratch)
    command = effective(plan, facts, known, service)
    trace = Trace(init="init: true" if service is not None and service.init else "")
    if command.unresolved:
        trace.fails(command.unresolved)
    else:
        follow(command.argv, surroundings(tree, plan, facts, service, command.where), trace)
    return _process(plan, service, command, trace)


def surroundings(
    tree: Tree, plan: BuildPlan, facts: BaseFacts | None, service: Service | None, where: Where
) -> Surroundings:
    given = service.environment if service else {}
    env = {**(facts.env if facts else {}), **plan.image.env, **given}
    workdir = (service.working_dir if service else "") or _workdir(plan, facts)
    mounts = service.mounts if service else {}
    closed = {name: value for name, value in env.items() if not is_open(value)}
    image = plan.final_base.base_image
    return Surroundings(closed, workdir, where, ImageFiles(tree, plan, mounts), image.repository if image else "")


def _workdir(plan: BuildPlan, facts: BaseFacts | None) -> str:
    return facts.workdir if plan.image.workdir in ("", "/") and facts and facts.workdir else plan.image.workdir or "/"


def effective(plan: BuildPlan, facts: BaseFacts | None, known: bool, service: Service | None) -> Effective:
    """ENTRYPOINT and CMD as Docker joins them: a service's entrypoint drops the image's CMD, the image's own
    ENTRYPOINT drops the base's CMD."""
    where = _where(plan, service)
    if service is not None and service.command_unknown and service.command is None and service.entrypoint is None:
        return Effective((), "", where, service.command_unknown)
    entrypoint, entry_shell = _entrypoint(plan, facts, service)
    command, command_shell = _command(plan, facts, service)
    if entry_shell:
        return Effective(entrypoint, "shell", where)
    argv = (*entrypoint, *command)
    nothing = not argv or (argv[0] in INTERPRETERS and len(argv) == 1 and not _own(plan, service))
    if nothing:
        return Effective(argv, "", where, _why_nothing(plan, facts, known))
    return Effective(argv, "shell" if command_shell and not entrypoint else "exec", where)


def _own(plan: BuildPlan, service: Service | None) -> bool:
    """The Dockerfile or the deployment says the command, not the base image."""
    deployed = service is not None and (service.command is not None or service.entrypoint is not None)
    return deployed or plan.image.cmd is not None or plan.image.entrypoint is not None


def _why_nothing(plan: BuildPlan, facts: BaseFacts | None, known: bool) -> str:
    base = plan.final_base.base_image
    if known or base is None:
        return "neither the Dockerfile nor a deployment file that decides sets a command"
    return f"no file sets a command, and what {base.name or base.text} brings is not known"


def _where(plan: BuildPlan, service: Service | None) -> Where:
    if service is not None and service.command_where is not None:
        return service.command_where
    line = plan.image.cmd_line or plan.image.entrypoint_line or plan.final_base.line
    return Where(plan.target.dockerfile, line)


def _entrypoint(plan: BuildPlan, facts: BaseFacts | None, service: Service | None) -> tuple[tuple[str, ...], bool]:
    if service is not None and service.entrypoint is not None:
        return service.entrypoint, False
    image = plan.image
    if image.entrypoint is not None:
        return _as_run(image.entrypoint, image.entrypoint_json, image.shell)
    return (facts.entrypoint if facts else ()), False


def _command(plan: BuildPlan, facts: BaseFacts | None, service: Service | None) -> tuple[tuple[str, ...], bool]:
    if service is not None and service.command is not None:
        return service.command, False
    if service is not None and service.entrypoint is not None:
        return (), False
    image = plan.image
    if image.cmd is not None:
        return _as_run(image.cmd, image.cmd_json, image.shell)
    return (facts.cmd if facts and image.entrypoint is None else ()), False


def _as_run(words: tuple[str, ...], json: bool, shell: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """Shell form is handed to the image's SHELL."""
    return (words, False) if json or not words else ((*shell, " ".join(words)), True)


def _process(plan: BuildPlan, service: Service | None, command: Effective, trace: Trace) -> Process:
    job = service is not None and service.kind == "job"
    return Process(
        service=service.name if service else "",
        where=command.where,
        argv=command.argv,
        form=command.form,
        via=tuple(dict.fromkeys(trace.via)),
        execs=trace.execs,
        broken_at=trace.broken_at,
        init=trace.init,
        sudo=trace.sudo,
        daemons=trace.daemons,
        handles_term=trace.handles_term,
        stop_signal=(service.stop_signal if service else "") or plan.image.stop_signal,
        servers=tuple(trace.servers),
        unresolved="" if trace.servers else trace.unresolved or "the command could not be followed",
        long_running=not job and (trace.lasting or not trace.servers),
    )
