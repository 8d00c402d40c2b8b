"""The tasks: an id comes in, the work is done elsewhere. Only workers import this module."""

from __future__ import annotations

from celery import shared_task

from reviews import queue, work


@shared_task(name="reviews.audit")
def audit(audit_id: int) -> None:
    work.audit(audit_id)


@shared_task(name="reviews.discover")
def discover(discovery_id: int) -> None:
    work.discover(discovery_id)


@shared_task(name="reviews.reap")
def reap() -> None:
    for model in queue.TASKS:
        queue.renudge(model)
