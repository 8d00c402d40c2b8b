"""Schedules that lead to an image build, directly or through another workflow."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from analyzers import regexes as re
from analyzers.artifacts.automation import ScheduledBuild
from analyzers.automation.image_builds import Place
from analyzers.automation.workflows import Workflow
from analyzers.tree import Tree

DEPTH_LIMIT = 3
SCRIPT_WORD = re.compile(r"(?:^|[\s;&|\"'(])(?:\./|bash |sh )?([\w./-]+\.(?:sh|bash)|[\w./-]+/[\w-]+)")
# How CI systems other than GitHub's write a schedule in their own file.
OTHERS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile(r"\.gitlab-ci"),
        re.compile(r"CI_PIPELINE_SOURCE[^\n]{0,20}schedule|^\s*-\s*schedules\s*$", re.MULTILINE),
    ),
    (re.compile(r"^\.circleci/"), re.compile(r"^\s*-?\s*schedule:\s*$", re.MULTILINE)),
    (re.compile(r"azure-pipelines"), re.compile(r"^schedules:\s*$", re.MULTILINE)),
    (re.compile(r"jenkinsfile", re.IGNORECASE), re.compile(r"\bcron\s*\(")),
    (
        re.compile(r"\.drone\.yml|^\.woodpecker"),
        re.compile(r"^\s*(?:event|cron):[^\n]{0,40}cron|^\s*cron:", re.MULTILINE),
    ),
)


def find(tree: Tree, workflows: Mapping[str, Workflow], places: Sequence[Place]) -> Iterator[ScheduledBuild]:
    for workflow in workflows.values():
        if workflow.schedule_line is not None:
            for build, route in _led_to(tree, workflows, workflow, places, 0, frozenset()):
                why = f"its schedule {route} the image" + (" with an explicit pull" if build.pulls else "")
                yield ScheduledBuild(workflow.path, workflow.schedule_line, build.pulls, why)
    for place in places:
        yield from _other(tree, place)


def _led_to(
    tree: Tree,
    workflows: Mapping[str, Workflow],
    workflow: Workflow,
    places: Sequence[Place],
    depth: int,
    seen: frozenset[str],
) -> Iterator[tuple[Place, str]]:
    """(place, how) of the builds that a run of this workflow brings about."""
    scripts = _scripts(tree, workflow.path)
    for place in places:
        if place.build.path == workflow.path:
            yield place, "builds"
        elif place.build.path in scripts:
            yield place, f"runs {place.build.path}, which builds"
    if depth >= DEPTH_LIMIT:
        return
    for following, how in _started(workflows, workflow):
        if following.path not in seen and following.path != workflow.path:
            inner = _led_to(tree, workflows, following, places, depth + 1, seen | {workflow.path})
            yield from ((place, f"{how} {following.path}, which builds") for place, _ in inner)


def _started(workflows: Mapping[str, Workflow], workflow: Workflow) -> Iterator[tuple[Workflow, str]]:
    called = {posixpath.normpath(use) for use in workflow.calls}
    for other in workflows.values():
        base = posixpath.basename(other.path)
        if other.path in called:
            yield other, "calls"
        elif workflow.pushes_tag and other.by_tag:
            yield other, "pushes a tag that starts"
        elif any(name in (base, other.name) for name in workflow.dispatches) and "workflow_dispatch" in other.triggers:
            yield other, "dispatches"
        elif workflow.name and workflow.name in other.after:
            yield other, "is followed by"


def _scripts(tree: Tree, path: str) -> frozenset[str]:
    """Scripts of the repository that a file names."""
    words = {posixpath.normpath(match.group(1)) for match in SCRIPT_WORD.finditer(tree.read_text(path) or "")}
    return frozenset(word for word in words if tree.is_file(word))


def _other(tree: Tree, place: Place) -> Iterator[ScheduledBuild]:
    for name, pattern in OTHERS:
        if name.search(place.build.path):
            text = tree.read_text(place.build.path) or ""
            match = pattern.search(text)
            if match:
                line = text.count("\n", 0, match.end()) + 1
                yield ScheduledBuild(place.build.path, line, place.pulls, "a schedule runs its image build")
