"""Automation: update bots, schedules and image builds that bear on this target."""

from __future__ import annotations

from analyzers.artifacts.automation import Automation
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.missing import Missing
from analyzers.artifacts.target import Target
from analyzers.automation import dependabot, renovate, schedules, workflows
from analyzers.automation.image_builds import Builds
from analyzers.gather import gatherer
from analyzers.source import Source


@gatherer
def gather_automation(source: Source, target: Target, plan: BuildPlan | Missing) -> Automation:
    tree = source.tree
    known = workflows.read(tree)
    builds = Builds(tree, target.dockerfile, known)
    places = list(dict.fromkeys(builds.find()))
    images = _images(plan)
    return Automation(
        bots=(*dependabot.read(tree, target.dockerfile, images), *renovate.read(tree, target.dockerfile, images)),
        schedules=tuple(dict.fromkeys(schedules.find(tree, known, places))),
        builds=tuple(place.build for place in places),
        buildkit_disabled=tuple(builds.disabled()),
    )


def _images(plan: BuildPlan | Missing) -> frozenset[str]:
    """Repositories of the external images that the target reaches."""
    return frozenset() if isinstance(plan, Missing) else frozenset(image.repository for image in plan.images)
