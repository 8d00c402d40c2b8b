"""What every background job has: a state, a lease, and an attempt number that fences its writes."""

from __future__ import annotations

from django.db import models


class State(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE = (State.QUEUED, State.RUNNING)


class Job(models.Model):
    """A row that a worker claims by a conditional UPDATE (services/jobs.py). The row is the truth, messages only nudge.

    `progress`: [{"name", "title", "state": waiting|running|done|failed, "started_at", "finished_at", "message"}], times
    in ISO 8601 or null. `error`: one sentence for the user. `nudged_at`: when a message was last sent for it.
    """

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=200, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    nudged_at = models.DateTimeField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    progress = models.JSONField(default=list, blank=True)

    class Meta:
        abstract = True

    @property
    def active(self) -> bool:
        return self.state in ACTIVE
