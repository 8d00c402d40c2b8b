from __future__ import annotations

from typing import Any

from reviews.models import ACTIVE, Discovery, Project, State
from reviews.services.jobs import Claim
from reviews.services.text import storable


def request_discovery(project: Project) -> Discovery:
    """A search for the project's targets: the one that already waits or runs, else a new one."""
    return project.discoveries.filter(state__in=ACTIVE).first() or project.discoveries.create()


def conclude_discovery(claim: Claim, targets: list[dict[str, Any]], progress: list[dict[str, Any]]) -> None:
    claim.finish(State.DONE, targets=storable(targets), progress=progress, error="")
