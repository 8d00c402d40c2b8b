"""All that the web knows of jobs: create the row, and send a nudge once it is committed.

The nudge is a message with an id. It may be lost (the reaper sends another) or come twice (the second claims nothing),
and a broker that is down must not keep a request waiting, let alone fail it.
"""

from __future__ import annotations

import functools
import logging

from celery import current_app
from django.db import transaction

from reviews.models import Audit, Discovery, Job, Project, State, User
from reviews.services import jobs
from reviews.services.audits import request_audit
from reviews.services.discoveries import request_discovery

logger = logging.getLogger(__name__)

TASKS: dict[type[Job], str] = {Audit: "reviews.audit", Discovery: "reviews.discover"}
PATIENCE_SECONDS = 0.4


def start_audit(project: Project, user: User | None, trigger: str = Audit.Trigger.MANUAL) -> Audit:
    """A queued audit of the project. Raises Refused where the team has too many."""
    audit = request_audit(project, user, trigger)
    _nudge_on_commit(audit)
    return audit


def start_discovery(project: Project) -> Discovery:
    """Looks for the project's targets in the background."""
    discovery = request_discovery(project)
    _nudge_on_commit(discovery)
    return discovery


def nudge(model: type[Job], job_id: int) -> bool:
    """Tell a worker. False, and in the log, if the broker does not take it within PATIENCE_SECONDS a step."""
    options = {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS, "max_retries": 0}
    try:
        with current_app.connection_for_write(connect_timeout=PATIENCE_SECONDS, transport_options=options) as broker:
            current_app.send_task(TASKS[model], args=[job_id], connection=broker, retry=False, ignore_result=True)
    except Exception as error:
        logger.warning("no message for %s %s, the reaper will send it: %s", model.__name__, job_id, error)
        return False
    return True


def renudge(model: type[Job]) -> None:
    """Send what the reaper found."""
    for job_id in jobs.reap(model):
        if not nudge(model, job_id):
            jobs.forget_nudge(model, job_id)


def _nudge_on_commit(job: Job) -> None:
    if job.state == State.QUEUED and job.nudged_at is None:
        transaction.on_commit(functools.partial(_first_nudge, type(job), job.pk), robust=True)


def _first_nudge(model: type[Job], job_id: int) -> None:
    if nudge(model, job_id):
        jobs.mark_nudged(model, job_id)
