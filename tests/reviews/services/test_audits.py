from __future__ import annotations

import pytest

from reviews.models import Audit, Event, Item, Project, State, User
from reviews.services import jobs
from reviews.services.audits import conclude, request_audit
from reviews.services.errors import Refused
from reviews.services.jobs import LeaseLost
from reviews.services.projects import create_sample_project
from tests.reports import ITEMS, report


def test_audits_are_numbered_per_project(project: Project, owner: User, audit: Audit) -> None:
    assert request_audit(project, owner).number == audit.number + 1
    other = create_sample_project(project.team, owner)
    assert request_audit(other, owner).number == 1


def test_a_second_request_joins_the_audit_that_waits(project: Project, owner: User) -> None:
    assert request_audit(project, owner) == request_audit(project, owner)


def test_a_request_during_an_audit_starts_another(project: Project, owner: User) -> None:
    running = request_audit(project, owner)
    jobs.claim(Audit, running.pk, "a")
    assert request_audit(project, owner) != running


def test_a_team_cannot_flood_the_queue(project: Project, owner: User, settings) -> None:
    settings.MAX_QUEUED_PER_TEAM = 1
    request_audit(project, owner)
    with pytest.raises(Refused, match="1 audits waiting or running"):
        request_audit(create_sample_project(project.team, owner), owner)


def test_a_concluded_audit_holds_the_report_and_its_items(audit: Audit) -> None:
    made = report()
    assert audit.state == State.DONE
    assert audit.score_value == made["score"]["value"]
    assert sum(audit.verdict_counts.values()) == audit.items.count() == len(ITEMS)
    assert [item.check_id for item in audit.items.all()] == [name for name, *_ in ITEMS]


def test_an_audit_is_concluded_once(project: Project, owner: User) -> None:
    waiting = request_audit(project, owner)
    claim = jobs.claim(Audit, waiting.pk, "a")
    assert claim is not None
    conclude(claim, report(), [])
    with pytest.raises(LeaseLost):
        conclude(claim, report(), [])
    assert Item.objects.filter(audit=waiting).count() == len(ITEMS)
    assert Event.objects.filter(action="audit.finished").count() == 1


def test_a_lost_attempt_concludes_nothing(project: Project, owner: User) -> None:
    waiting = request_audit(project, owner)
    claim = jobs.claim(Audit, waiting.pk, "a")
    assert claim is not None
    Audit.objects.filter(pk=waiting.pk).update(attempt=2)
    with pytest.raises(LeaseLost):
        conclude(claim, report(), [])
    assert Item.objects.count() == 0


def test_text_that_no_database_takes_is_made_storable(project: Project, owner: User) -> None:
    waiting = request_audit(project, owner)
    claim = jobs.claim(Audit, waiting.pk, "a")
    assert claim is not None
    made = report()
    made["items"][0]["summary"] = "nul \0 and surrogate \udc80"
    made["items"][0]["findings"] = [
        {"message": "\0", "path": "a\udcff", "line": None, "end_line": None, "excerpt": None}
    ]
    conclude(claim, made, [])
    assert Item.objects.get(audit=waiting, position=1).summary == "nul � and surrogate ?"


def test_a_request_leaves_a_trail(project: Project, owner: User) -> None:
    audit = request_audit(project, owner)
    event = Event.objects.get(action="audit.requested")
    assert (event.actor, event.team, event.object_id) == (owner, project.team, str(audit.pk))


def test_events_cannot_be_changed(project: Project) -> None:
    with pytest.raises(TypeError, match="append-only"):
        Event.objects.all().delete()
    with pytest.raises(TypeError, match="append-only"):
        Event.objects.update(action="other")
