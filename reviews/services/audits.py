from __future__ import annotations

from collections import Counter
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from reviews.models import ACTIVE, Audit, Item, Project, State, Team, User
from reviews.services import jobs
from reviews.services.errors import Refused
from reviews.services.events import record
from reviews.services.jobs import Claim
from reviews.services.text import storable

Json = dict[str, Any]


def request_audit(project: Project, user: User | None, trigger: str = Audit.Trigger.MANUAL) -> Audit:
    """A queued audit of the project: the one that already waits, else a new one."""
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)
        waiting = project.audits.filter(state=State.QUEUED).first()
        if waiting is not None:
            return waiting
        _refuse_flood(project.team)
        number = (project.audits.aggregate(last=Max("number"))["last"] or 0) + 1
        audit = project.audits.create(number=number, requested_by=user, trigger=trigger, ref=project.ref)
        record("audit.requested", actor=user, about=audit, team=project.team, project=project.slug, number=number)
    return audit


def cancel_audit(audit: Audit, user: User) -> bool:
    """False if it was over already."""
    with transaction.atomic():
        stopped = jobs.cancel(audit)
        if stopped:
            record("audit.cancelled", actor=user, about=audit, team=audit.project.team, number=audit.number)
    return stopped


def conclude(claim: Claim, report: Json, progress: list[Json]) -> None:
    """Store a finished report and its items in one transaction, if the claim still holds; else raises LeaseLost."""
    report = storable(report)
    with transaction.atomic():
        claim.finish(State.DONE, progress=progress, error="", **_summary(report))
        Item.objects.bulk_create(_items(claim.id, report["items"]))
        audit = Audit.objects.select_related("project__team").get(pk=claim.id)
        record("audit.finished", actor=None, about=audit, team=audit.project.team, attempt=claim.attempt)


def _refuse_flood(team: Team) -> None:
    active = Audit.objects.filter(project__team=team, state__in=ACTIVE).count()
    if active >= settings.MAX_QUEUED_PER_TEAM:
        raise Refused(f"{team} already has {active} audits waiting or running: wait for one to end, or cancel one")


def _summary(report: Json) -> Json:
    score = report["score"]
    return {
        "report": report,
        "revision": report["source"]["revision"],
        "source_location": report["source"]["location"],
        "target": report["target"],
        "score_value": score["value"],
        "score_coverage": score["coverage"],
        "score_confidence": score["confidence"],
        "sections": score["sections"],
        "model_version": report["scoring_model"],
        "verdict_counts": Counter(item["verdict"] for item in report["items"]),
    }


def _items(audit_id: int, items: list[Json]) -> list[Item]:
    copied = (
        "section",
        "group",
        "title",
        "weight",
        "verdict",
        "score",
        "evidence",
        "summary",
        "findings",
        "fix",
        "worth",
    )
    return [
        Item(audit_id=audit_id, check_id=item["id"], position=position, **{name: item[name] for name in copied})
        for position, item in enumerate(items, start=1)
    ]
