"""Live pages ask for their fragment again and again; this keeps the answers honest and mostly empty."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from reviews.models import Job, State
from reviews.requests import Request

PATIENCE_SECONDS = 20
"""A queue that stands still longer than this is worth a word about workers."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How a queued job stands: `ahead` jobs of its kind go first; `long` when nothing has moved for a while."""

    ahead: int
    long: bool


def waits(model: type[Job], job: Job) -> Wait:
    if job.state != State.QUEUED:
        return Wait(0, False)
    ahead = model._default_manager.filter(state=State.QUEUED, created_at__lt=job.created_at).count()
    return Wait(ahead, _stands_long(job))


def version(job: Job) -> str:
    """Changes whenever the live fragment would look different."""
    stages = "".join(stage["state"][:1] for stage in job.progress)
    return f"{job.state}.{job.attempt}.{stages}.{int(job.cancel_requested)}.{int(_stands_long(job))}"


def unchanged(request: Request, job: Job) -> bool:
    """True where the asking fragment shows this already: the answer is 204 and the page stays still."""
    return bool(request.htmx) and request.GET.get("seen") == version(job)


def _stands_long(job: Job) -> bool:
    waited = (timezone.now() - job.created_at).total_seconds()
    return job.state == State.QUEUED and waited > PATIENCE_SECONDS
