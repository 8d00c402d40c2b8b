"""GitHub workflows as what starts them, what they start in turn, and the environment of their jobs."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers import regexes as re
from analyzers.deploy.workflows import FOLDERS
from analyzers.deploy.yaml_limits import Map, Node, Seq, YamlError, child, load, texts
from analyzers.records import dataclass, field
from analyzers.tree import Tree, per_tree

PUSHES_TAG = re.compile(
    r"\bgit\s+push\b[^\n]*(?:--tags|--follow-tags|refs/tags|--atomic|\$\{?\w*(?:TAG|VERSION))", re.I
)
MAKES_TAG = re.compile(r"\bgit\s+tag\b|\bgh\s+release\s+create\b")
DISPATCHES = re.compile(r"\bgh\s+workflow\s+run\s+[\"']?([\w .-]+?\.ya?ml|[\w-]+)")
DISPATCH_ACTIONS = ("workflow-dispatch", "repository-dispatch", "dispatch-workflow", "trigger-workflow")
RELEASE_ACTIONS = ("action-gh-release", "create-release", "release-action", "semantic-release", "github-tag-action")
BUILDKIT = "DOCKER_BUILDKIT"


@dataclass(frozen=True, slots=True)
class Job:
    """`lines` are the first and last line that its steps stand on; `buildx`: it sets a builder up."""

    name: str
    first_line: int
    last_line: int
    buildx: bool
    buildkit_env: str


@dataclass(frozen=True, slots=True)
class Workflow:
    """`triggers` are the names under `on:`; `schedule_line` where its schedule stands, None without one.

    `by_tag`: a pushed tag starts it. `pushes_tag`/`dispatches`/`calls`: what it starts itself (file names).
    """

    path: str
    triggers: frozenset[str]
    schedule_line: int | None
    by_tag: bool
    pushes_tag: bool
    dispatches: tuple[str, ...]
    calls: tuple[str, ...]
    after: tuple[str, ...]
    name: str = ""
    jobs: tuple[Job, ...] = field(default=())

    def job_at(self, line: int | None) -> Job | None:
        found = [job for job in self.jobs if line is not None and job.first_line <= line <= job.last_line]
        return found[-1] if found else None


@per_tree
def read(tree: Tree) -> dict[str, Workflow]:
    """By path; what cannot be read is left out."""
    found: dict[str, Workflow] = {}
    for entry in tree.named("*.yml", "*.yaml"):
        if entry.path.startswith(FOLDERS):
            try:
                document = load(tree.read_text(entry.path) or "", entry.path)
            except YamlError:
                continue
            if isinstance(document, Map):
                found[entry.path] = _workflow(entry.path, document)
    return found


def _workflow(path: str, document: Map) -> Workflow:
    on = child(document, "on")
    triggers = frozenset(on if isinstance(on, Map) else texts(on))
    runs, uses = list(_steps_text(document, "run")), list(_steps_text(document, "uses"))
    return Workflow(
        path,
        triggers,
        on.at("schedule").line if isinstance(on, Map) and "schedule" in on else None,
        _by_tag(on, triggers),
        _makes_tags(runs, uses),
        tuple(_dispatched(runs, uses, document)),
        tuple(use for use in uses if use.startswith("./")),
        tuple(texts(child(on, "workflow_run", "workflows"))),
        str(child(document, "name") or ""),
        tuple(_jobs(document)),
    )


def _by_tag(on: Node, triggers: frozenset[str]) -> bool:
    push = child(on, "push")
    open_push = "push" in triggers and child(push, "branches") is None and child(push, "paths") is None
    return child(push, "tags") is not None or "release" in triggers or "create" in triggers or open_push


def _makes_tags(runs: list[str], uses: list[str]) -> bool:
    if any(name in use for use in uses for name in RELEASE_ACTIONS):
        return True
    return any(MAKES_TAG.search(run) and (PUSHES_TAG.search(run) or "gh release" in run) for run in runs)


def _job_maps(document: Map) -> Iterator[tuple[str, Map]]:
    jobs = child(document, "jobs")
    for name, job in jobs.items() if isinstance(jobs, Map) else ():
        if isinstance(job, Map):
            yield name, job


def _step_maps(job: Map) -> Iterator[Map]:
    steps = child(job, "steps")
    yield from (step for step in steps if isinstance(step, Map)) if isinstance(steps, Seq) else ()


def _steps_text(document: Map, key: str) -> Iterator[str]:
    for _, job in _job_maps(document):
        yield from texts(child(job, key))
        for step in _step_maps(job):
            yield from texts(child(step, key))


def _dispatched(runs: list[str], uses: list[str], document: Map) -> Iterator[str]:
    for run in runs:
        yield from DISPATCHES.findall(run)
    if any(name in use for use in uses for name in DISPATCH_ACTIONS):
        for _, job in _job_maps(document):
            for step in _step_maps(job):
                yield from texts(child(step, "with", "workflow"))


def _jobs(document: Map) -> Iterator[Job]:
    shared = child(document, "env", BUILDKIT)
    bodies = list(_job_maps(document))
    for index, (name, job) in enumerate(bodies):
        following = bodies[index + 1][1].where.line if index + 1 < len(bodies) else None
        last = (following or 1_000_000_000) - 1
        buildx = any("setup-buildx" in str(child(step, "uses")) for step in _step_maps(job))
        own = child(job, "env", BUILDKIT)
        yield Job(name, job.where.line or 1, last, buildx, str(own if own is not None else shared or ""))
