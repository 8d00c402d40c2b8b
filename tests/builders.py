"""Small sources and artifacts for tests, each in one line."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

from analyzers import tree
from analyzers.artifacts.bases import Base, BaseFacts, Bases
from analyzers.artifacts.build_plan import BuildPlan, ImageConfig, ImageReference, Stage, Step
from analyzers.artifacts.code import Call, Code, Tool
from analyzers.artifacts.dependencies import Dependencies, Requirement
from analyzers.artifacts.deployment import Deployment, Service, Where
from analyzers.artifacts.installs import Install, InstallKind, Installs
from analyzers.artifacts.processes import Process, Processes, Server
from analyzers.artifacts.target import AuditDate, Target
from analyzers.dockerfile.commands import Command
from analyzers.dockerfile.syntax import Directives, Dockerfile, Instruction
from analyzers.gather import Artifacts, Job, gather
from analyzers.registry import get_check
from analyzers.results import Result
from analyzers.runner import evaluate
from analyzers.source import Source


def source(root: Path, files: Mapping[str, str | bytes]) -> Source:
    """A source of the given files, written below `root`; text is dedented."""
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else dedent(content).lstrip("\n").encode())
    return Source(tree.walk(root), "path", str(root))


def lint(
    root: Path,
    text: str,
    files: Mapping[str, str | bytes] | None = None,
    today: str = "2026-11-23",
    **target: object,
) -> Artifacts:
    """All that the lint job gathers of this Dockerfile (none at the root where empty) and these other files.

    Keywords are fields of the Target.
    """
    found = source(root, {**({"Dockerfile": text} if text else {}), **(files or {})})
    chosen = Target(**{"dockerfile": "Dockerfile", **target})  # type: ignore[arg-type]
    date = AuditDate(datetime.date.fromisoformat(today))
    return gather(Job.LINT, Artifacts({Source: found, Target: chosen, AuditDate: date}))


def judge(
    identifier: str,
    root: Path,
    text: str,
    files: Mapping[str, str | bytes] | None = None,
    **more: object,
) -> Result:
    """One item's result for a Dockerfile and the other files of its repository, read by the real gatherers."""
    check = get_check(identifier)
    assert check is not None, identifier
    return evaluate(check, lint(root, text, files, **more))  # type: ignore[arg-type]


def place(path: str = "Dockerfile", line: int | None = 1) -> Where:
    return Where(path, line)


def build_plan(**image: object) -> BuildPlan:
    """A plan of one stage on `python:3.12-slim`; keywords are fields of its ImageConfig (`env`, `healthcheck` …)."""
    base = ImageReference("python:3.12-slim", "python:3.12-slim", "docker.io", "python", "3.12-slim", "", 1, 0, "from")
    stage = Stage(0, "", 1, 9, None, base, False, "", ())
    dockerfile = Dockerfile("Dockerfile", "", Directives(), ())
    config = ImageConfig(**image)  # type: ignore[arg-type]
    return BuildPlan(Target("Dockerfile"), dockerfile, (stage,), 0, (0,), frozenset({0}), (base,), (), config)


def run_step(*argv: str, line: int = 4, env: Mapping[str, str] | None = None) -> Step:
    text = " ".join(argv)
    instruction = Instruction("RUN", line, line, f"RUN {text}", text)
    return Step(0, 0, instruction, env or {}, "/", "", (Command(argv, line, line),))


def with_steps(plan: BuildPlan, *steps: Step) -> BuildPlan:
    """The plan with these steps in its last stage, numbered in order."""
    numbered = tuple(replace(step, stage=plan.target_stage, position=i) for i, step in enumerate(steps))
    stages = (*plan.stages[:-1], replace(plan.stages[-1], steps=numbered))
    return replace(plan, stages=stages)


def base_facts(**facts: object) -> BaseFacts:
    known = {"kind": "language", "variant": "slim", "libc": "glibc", "own_version": True}
    return BaseFacts(**{**known, **facts})  # type: ignore[arg-type]


def bases(facts: BaseFacts | None = None, *, known: bool = True, name: str = "python:3.12-slim") -> Bases:
    """A final base with facts (the slim Python image's unless given), or one outside the table (`known=False`)."""
    repository, _, tag = name.partition(":")
    image = ImageReference(name, name, "docker.io", repository, tag, "", 1, 0, "from")
    base = Base(image, (facts or base_facts()) if known else None)
    return Bases(base, False, (base,), datetime.date(2026, 11, 1))


def server(name: str = "gunicorn", **more: object) -> Server:
    """A production web server with two workers unless told otherwise."""
    known = {"kind": "production", "web": True, "workers": "2", "workers_source": "--workers"}
    return Server(name, **{**known, **more})  # type: ignore[arg-type]


def process(*servers: Server, **more: object) -> Process:
    """The image's own command in exec form, running these servers (gunicorn where none is given)."""
    known = {"argv": ("gunicorn", "shop.wsgi"), "form": "exec", "handles_term": True, "service": ""}
    fields = {**known, "servers": servers or (server(),), **more}
    return Process(where=place("Dockerfile", 8), **fields)  # type: ignore[arg-type]


def processes(*found: Process, python: bool = True, others: tuple[Process, ...] = ()) -> Processes:
    all_of_them = found or (process(),)
    return Processes(all_of_them, python, any(s.web for p in all_of_them for s in p.servers), others)


def service(name: str = "web", **more: object) -> Service:
    return Service(name, place("compose.yaml", 3), "compose", **more)  # type: ignore[arg-type]


def deployment(*services: Service, **more: object) -> Deployment:
    """A deployment set of these services; none at all where no service is given."""
    known = {"files": ("compose.yaml",) if services else (), "reason": "test", "has_files": bool(services)}
    return Deployment(services=services, **{**known, **more})  # type: ignore[arg-type]


def requirement(name: str, **more: object) -> Requirement:
    return Requirement(name, "", place("requirements.txt", 2), **more)  # type: ignore[arg-type]


def dependencies(*names: str) -> Dependencies:
    return Dependencies(tuple(requirement(name) for name in names), ("requirements.txt",))


def code(*calls: Call, **more: object) -> Code:
    known = {"present": True, "python": True}
    return Code(calls=calls, **{**known, **more})  # type: ignore[arg-type]


def call(topic: str, detail: str = "", **more: object) -> Call:
    return Call(topic, detail, place("shop/app.py", 5), **more)  # type: ignore[arg-type]


def tool(topic: str, name: str = "tool") -> Tool:
    return Tool(topic, name, place("Makefile", 3))


def install(manager: str, command: str = "", **more: object) -> Install:
    known = {"kind": InstallKind.DEPENDENCY, "downloads": True, "reaches_final": True}
    return Install(0, 0, 4, 4, manager, command=command, **{**known, **more})  # type: ignore[arg-type]


def installs(*found: Install) -> Installs:
    return Installs(found)
