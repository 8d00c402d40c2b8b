"""What a worker does with a job: claim it, keep its lease, do it in a private folder, and end it one way or another."""

from __future__ import annotations

import datetime
import logging
import os
import shutil
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings

from analyzers.artifacts.target import Target
from analyzers.audit import run_audit
from analyzers.source import Source, SourceError
from analyzers.targets import choose_target, find_targets
from reviews.models import Audit, Discovery, Job, Project, State
from reviews.services import jobs
from reviews.services.audits import conclude
from reviews.services.discoveries import conclude_discovery
from reviews.services.heartbeat import Heartbeat
from reviews.services.jobs import Claim, LeaseLost
from reviews.services.stages import Stages
from reviews.services.text import storable
from reviews.sources import open_source

logger = logging.getLogger(__name__)

OWN_FAULT = "Trimtab itself failed on this project ({name}): please report it."
TOO_LONG = "This took longer than {minutes} minutes and was stopped: leave out data and generated files."
Titles = tuple[tuple[str, str], ...]
FETCH = ("fetch", "Fetch the source")
AUDIT_STAGES = (
    FETCH,
    ("lint", "Read the Dockerfile and the project"),
    ("checks", "Judge the checklist"),
    ("save", "Save the report"),
)
DISCOVERY_STAGES = (FETCH, ("targets", "Look for Dockerfiles"), ("save", "Save what was found"))


@dataclass(frozen=True)
class Run:
    """One attempt under way: its claim, its stages and its folder."""

    claim: Claim
    stages: Stages
    folder: Path


def audit(audit_id: int) -> None:
    _work(Audit, audit_id, AUDIT_STAGES, _audit)


def discover(discovery_id: int) -> None:
    _work(Discovery, discovery_id, DISCOVERY_STAGES, _discover)


def _audit(run: Run) -> None:
    project = Audit.objects.select_related("project").get(pk=run.claim.id).project
    source = _fetch(run, project)
    target = _target(project, source)
    today = datetime.datetime.now(datetime.UTC).date()
    report = run_audit(
        source,
        target,
        today=today,
        targets=find_targets(source),
        application_type=project.application_type,
        progress=run.stages.begin,
    )
    run.stages.begin("save")
    run.stages.end("done")
    conclude(run.claim, report.to_json(), run.stages.list)


def _discover(run: Run) -> None:
    project = Discovery.objects.select_related("project").get(pk=run.claim.id).project
    source = _fetch(run, project)
    run.stages.begin("targets")
    found = [_described(target) for target in find_targets(source)]
    run.stages.begin("save")
    run.stages.end("done")
    conclude_discovery(run.claim, found, run.stages.list)


def _fetch(run: Run, project: Project) -> Source:
    run.stages.begin("fetch", project.url)
    return open_source(project, run.folder)


def _target(project: Project, source: Source) -> Target:
    if not project.target_chosen:
        return choose_target(source)
    chosen = project.dockerfile, project.context or None, project.stage or None
    return choose_target(source, *chosen, build_args=project.build_args)


def _described(target: Target) -> dict[str, object]:
    return {
        "dockerfile": target.dockerfile,
        "context": target.context,
        "stage": target.stage,
        "reason": target.reason,
        "development": target.development,
    }


def _work(model: type[Job], job_id: int, titles: Titles, body: Callable[[Run], None]) -> None:
    claim = jobs.claim(model, job_id, f"{socket.gethostname()}:{os.getpid()}")
    if claim is None:
        return
    sweep()
    settings.WORK_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    prefix = f"{model._meta.model_name}-{claim.id}-{claim.attempt}-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=settings.WORK_DIR, ignore_cleanup_errors=True) as folder:
        _attempt(claim, Path(folder), titles, body)


def _attempt(claim: Claim, folder: Path, titles: Titles, body: Callable[[Run], None]) -> None:
    with Heartbeat(claim) as heartbeat:
        stages = Stages(claim, heartbeat, titles)
        try:
            body(Run(claim, stages, folder))
        except LeaseLost:
            _stopped(claim)
        except SourceError as error:
            _failed(claim, stages, str(error))
        except SoftTimeLimitExceeded:
            _failed(claim, stages, TOO_LONG.format(minutes=settings.AUDIT_TIME_LIMIT_SECONDS // 60))
        except Exception as error:
            logger.exception("%s failed", claim)
            _failed(claim, stages, OWN_FAULT.format(name=type(error).__name__))


def _stopped(claim: Claim) -> None:
    cancelled = claim.settle_cancel()
    logger.info("%s %s", claim, "was cancelled" if cancelled else "is another worker's now")


def _failed(claim: Claim, stages: Stages, error: str) -> None:
    stages.end("failed")
    try:
        claim.finish(State.FAILED, error=storable(error), progress=storable(stages.list))
    except LeaseLost:
        _stopped(claim)


def sweep() -> None:
    """Remove the folders of attempts that a killed worker left behind."""
    models = {model._meta.model_name: model for model in (Audit, Discovery)}
    for folder in settings.WORK_DIR.glob("*-*-*-*"):
        name, job_id, attempt, _ = folder.name.split("-", 3)
        if name in models and not jobs.is_live(models[name], int(job_id), int(attempt)):
            shutil.rmtree(folder, ignore_errors=True)
