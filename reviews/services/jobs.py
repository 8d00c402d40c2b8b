"""Claiming, fencing and reaping of jobs. The database decides; its clock is the only clock.

A worker owns a job while the row says running, with its attempt number and a lease that has not run out. Each of its
writes asks for that attempt, so a worker that was presumed dead and comes back changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Now

from reviews.models import Job, State

WORKER_LOST = "The worker was lost {attempts} times while it ran this: try again, and tell the operator if it recurs."


class LeaseLost(Exception):
    """Another attempt owns the job, or it was cancelled: stop and write nothing."""


@dataclass(frozen=True)
class Claim:
    """One attempt at one job."""

    model: type[Job]
    id: int
    attempt: int

    def renew(self) -> bool:
        """False once the job is no longer ours, or was asked to stop."""
        return bool(self._own().filter(cancel_requested=False).update(lease_until=lease_end()))

    def save(self, **fields: Any) -> None:
        if not self._own().filter(cancel_requested=False).update(**fields):
            raise LeaseLost

    def finish(self, state: State, **fields: Any) -> None:
        self.save(state=state, finished_at=Now(), lease_until=None, **fields)

    def settle_cancel(self) -> bool:
        """If it was asked to stop, it now has."""
        return bool(self._own().filter(cancel_requested=True).update(**_end(State.CANCELLED)))

    def _own(self) -> QuerySet[Job]:
        return _rows(self.model).filter(pk=self.id, state=State.RUNNING, attempt=self.attempt)


def claim(model: type[Job], job_id: int, worker: str) -> Claim | None:
    """Take the job if it waits, or if its worker let the lease run out. None: it is somebody else's, or over."""
    free = _rows(model).filter(_claimable(), pk=job_id)
    attempt = free.values_list("attempt", flat=True).first()
    if attempt is None:
        return None
    taken = free.filter(attempt=attempt).update(
        state=State.RUNNING,
        attempt=attempt + 1,
        worker=worker,
        lease_until=lease_end(),
        started_at=Coalesce(F("started_at"), Now()),
    )
    return Claim(model, job_id, attempt + 1) if taken else None


def cancel(job: Job) -> bool:
    """Stop it now if it waits; ask its worker to stop if it runs. False if it was over already."""
    row = _rows(type(job)).filter(pk=job.pk)
    if row.filter(state=State.QUEUED).update(cancel_requested=True, **_end(State.CANCELLED)):
        return True
    return bool(row.filter(state=State.RUNNING).update(cancel_requested=True))


def reap(model: type[Job]) -> list[int]:
    """End what cannot go on, and name the jobs that need a (new) message: never started, or without a living worker."""
    lost = _rows(model).filter(state=State.RUNNING, lease_until__lt=Now())
    lost.filter(cancel_requested=True).update(**_end(State.CANCELLED))
    error = WORKER_LOST.format(attempts=settings.MAX_ATTEMPTS)
    lost.filter(attempt__gte=settings.MAX_ATTEMPTS).update(**_end(State.FAILED), error=error)
    due = _rows(model).filter(_claimable(), _unheard()).values_list("pk", flat=True)
    return [pk for pk in due if mark_nudged(model, pk)]


def mark_nudged(model: type[Job], job_id: int) -> bool:
    """Compare and swap, so that of two reapers one sends."""
    return bool(_rows(model).filter(_unheard(), pk=job_id).update(nudged_at=Now()))


def end_leases(model: type[Job]) -> None:
    """For one who knows that no worker is left: what they held goes on at once, not when its lease runs out."""
    _rows(model).filter(state=State.RUNNING).update(lease_until=Now(), nudged_at=None)


def forget_nudge(model: type[Job], job_id: int) -> None:
    """The message could not be sent: let the next reap send it."""
    _rows(model).filter(pk=job_id).update(nudged_at=None)


def is_live(model: type[Job], job_id: int, attempt: int) -> bool:
    return _rows(model).filter(pk=job_id, state=State.RUNNING, attempt=attempt, lease_until__gte=Now()).exists()


def lease_end() -> Any:
    return Now() + timedelta(seconds=settings.LEASE_SECONDS)


def _claimable() -> Q:
    waiting = Q(state=State.QUEUED) & (Q(not_before=None) | Q(not_before__lte=Now()))
    abandoned = Q(state=State.RUNNING, lease_until__lt=Now())
    return (waiting | abandoned) & Q(cancel_requested=False, attempt__lt=settings.MAX_ATTEMPTS)


def _unheard() -> Q:
    """No message was sent for it lately. A message may wait long behind others, so it is not sent anew at each look."""
    return Q(nudged_at=None) | Q(nudged_at__lt=Now() - timedelta(seconds=settings.RENUDGE_SECONDS))


def _end(state: State) -> dict[str, Any]:
    return {"state": state, "finished_at": Now(), "lease_until": None}


def _rows(model: type[Job]) -> QuerySet[Job]:
    return model._default_manager.order_by()
