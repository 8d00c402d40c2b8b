from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from reviews.models import Audit, Item, Project, State, User
from reviews.services import jobs
from reviews.services.audits import conclude, request_audit
from reviews.views.polling import version
from tests.reports import finding, report

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def concluded(project: Project, owner: User, **changes: Any) -> Audit:
    audit = request_audit(project, owner)
    claim = jobs.claim(Audit, audit.pk, "test")
    assert claim is not None
    conclude(claim, report(**changes), [])
    audit.refresh_from_db()
    return audit


def shown_items(page: str) -> set[str]:
    """Ids of the checklist items that are not marked hidden."""
    rows = re.findall(r'<li class="item[^>]*id="([\w.]+)"[^>]*?data-item="\w+"\s*(hidden)?\s*>', page)
    return {name for name, hidden in rows if not hidden}


def test_the_checklist_shows_every_item_in_its_group(audit: Audit, viewer: User, sign_in: SignIn) -> None:
    page = sign_in(viewer).get(audit.get_absolute_url()).content.decode()
    assert shown_items(page) == set(audit.items.values_list("check_id", flat=True))
    for title in ("Image optimization", "Layer efficiency", "Resource management", "Production readiness"):
        assert title in page


@pytest.mark.parametrize("verdict", ["pass", "partial", "fail", "review"])
def test_the_filter_works_by_link(verdict: str, audit: Audit, viewer: User, sign_in: SignIn) -> None:
    page = sign_in(viewer).get(audit.get_absolute_url(), {"verdict": verdict}).content.decode()
    expected = set(audit.items.filter(verdict=verdict).values_list("check_id", flat=True))
    assert expected
    assert shown_items(page) == expected


def test_a_filter_of_no_meaning_shows_all(audit: Audit, viewer: User, sign_in: SignIn) -> None:
    page = sign_in(viewer).get(audit.get_absolute_url(), {"verdict": "<script>"}).content.decode()
    assert len(shown_items(page)) == audit.items.count()


def test_the_score_stands_with_coverage_and_confidence(audit: Audit, viewer: User, sign_in: SignIn) -> None:
    page = sign_in(viewer).get(audit.get_absolute_url()).content.decode()
    assert f'aria-label="Score {audit.score_value:.1f} of 100"' in page
    assert "Coverage" in page
    assert "Nothing was built or run." in page


def test_repository_text_stays_text(project: Project, owner: User, sign_in: SignIn) -> None:
    evil = "<img src=x onerror=alert(1)>"
    audit = concluded(project, owner)
    excerpt = {"start": 1, "text": f"FROM x\nRUN echo '{evil}'"}
    hostile = finding(evil, path=f"{evil}/Dockerfile", line=2, end_line=2, excerpt=excerpt)
    Item.objects.filter(audit=audit, check_id="image.base.pinned").update(
        findings=[hostile],
        summary=evil,
        title=evil,
        fix={"text": f"{evil} [x](javascript:alert(1))", "diff": f"+{evil}"},
    )
    Audit.objects.update(source_location=evil, ref=evil, target={"dockerfile": evil, "context": evil, "stage": evil})
    page = sign_in(owner).get(audit.get_absolute_url()).content.decode()
    assert "<img" not in page
    assert 'href="javascript' not in page
    assert "&lt;img" in page


def test_the_lines_of_a_finding_are_marked(audit: Audit, project: Project, owner: User, sign_in: SignIn) -> None:
    audit = concluded(project, owner)
    Item.objects.filter(audit=audit, verdict="fail").exclude(check_id="image.base.appropriate").update(findings=[])
    Item.objects.filter(audit=audit, verdict="partial").update(findings=[])
    Item.objects.filter(audit=audit, check_id="image.base.appropriate").update(findings=[finding(line=4, end_line=5)])
    page = sign_in(owner).get(audit.get_absolute_url()).content.decode()
    assert re.findall(r'<tr class="marked">\s*<td class="ln">(\d+)</td>', page) == ["4", "5"]
    assert '<span class="k">COPY</span>' in page


def test_four_failures_of_one_cause_are_told_once(project: Project, owner: User, sign_in: SignIn) -> None:
    audit = concluded(project, owner)
    page = sign_in(owner).get(audit.get_absolute_url()).content.decode()
    assert "No observability yet" in page
    assert page.count('href="#cause-observability"') == 1
    partly = concluded(project, owner, production__monitoring__collection="pass")
    assert "No observability yet" not in sign_in(owner).get(partly.get_absolute_url()).content.decode()


def test_what_could_not_be_read_is_said(project: Project, owner: User, sign_in: SignIn) -> None:
    trouble = {"message": "the quote is not closed", "path": "Dockerfile", "line": 7}
    audit = concluded(project, owner, errors=(trouble,))
    page = sign_in(owner).get(audit.get_absolute_url()).content.decode()
    assert "The quote is not closed." in page
    assert "Dockerfile:7" in page


def test_more_findings_do_not_cost_more_queries(
    audit: Audit, viewer: User, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client, address = sign_in(viewer), audit.get_absolute_url()
    with django_assert_num_queries(6):  # session, user, audit, membership, items, requester
        client.get(address)


def test_a_waiting_audit_says_so_and_asks_again(project: Project, owner: User, sign_in: SignIn) -> None:
    audit = request_audit(project, owner)
    page = sign_in(owner).get(audit.get_absolute_url()).content.decode()
    assert "Waiting for a worker" in page
    assert f'hx-get="?seen={version(audit)}"' in page
    assert "none is running" not in page


def test_a_long_wait_says_what_may_be_wrong(project: Project, owner: User, sign_in: SignIn) -> None:
    audit = request_audit(project, owner)
    Audit.objects.update(created_at=timezone.now() - timedelta(minutes=3))
    page = sign_in(owner).get(audit.get_absolute_url()).content.decode()
    assert "It has waited for 3" in page
    assert "none is running" in page


def test_an_unchanged_fragment_is_not_sent_again(project: Project, owner: User, sign_in: SignIn) -> None:
    audit = request_audit(project, owner)
    client = sign_in(owner)
    seen = {"seen": version(audit)}
    assert client.get(audit.get_absolute_url(), seen, headers=HTMX).status_code == 204
    claim = jobs.claim(Audit, audit.pk, "test")
    assert claim is not None
    claim.save(progress=[stage("fetch", "running")])
    response = client.get(audit.get_absolute_url(), seen, headers=HTMX)
    assert "Fetch the source" in response.content.decode()
    assert "<html" not in response.content.decode()


def test_the_finished_fragment_stops_asking(audit: Audit, owner: User, sign_in: SignIn) -> None:
    fragment = sign_in(owner).get(audit.get_absolute_url(), {"seen": "running"}, headers=HTMX).content.decode()
    assert "hx-trigger" not in fragment
    assert 'id="checklist"' in fragment


def test_a_failed_audit_says_why_and_what_to_do(project: Project, owner: User, sign_in: SignIn) -> None:
    audit = request_audit(project, owner)
    Audit.objects.update(
        state=State.FAILED, error="the host is not known: check the link", progress=[stage("fetch", "failed")]
    )
    page = sign_in(owner).get(audit.get_absolute_url()).content.decode()
    assert "The host is not known: check the link." in page
    assert reverse("project_settings", args=[project.team.slug, project.slug]) in page
    assert "hx-trigger" not in page


def test_starting_leads_to_the_new_audit(project: Project, reviewer: User, sign_in: SignIn) -> None:
    response = sign_in(reviewer).post(reverse("audit_start", args=[project.team.slug, project.slug]))
    audit = project.audits.get()
    assert response.url == audit.get_absolute_url()
    assert (audit.state, audit.requested_by) == (State.QUEUED, reviewer)


def test_a_full_queue_is_explained(project: Project, owner: User, sign_in: SignIn, settings: Settings) -> None:
    settings.MAX_QUEUED_PER_TEAM = 0
    address = reverse("audit_start", args=[project.team.slug, project.slug])
    page = sign_in(owner).post(address, follow=True).content.decode()
    assert "wait for one to end, or cancel one." in page
    assert not project.audits.exists()


def test_cancelling_stops_what_waits(project: Project, reviewer: User, sign_in: SignIn) -> None:
    audit = request_audit(project, reviewer)
    client = sign_in(reviewer)
    client.post(reverse("audit_cancel", args=[project.team.slug, project.slug, audit.number]))
    audit.refresh_from_db()
    assert audit.state == State.CANCELLED
    assert "Cancelled" in client.get(audit.get_absolute_url()).content.decode()


def test_the_report_is_downloaded_as_it_was_made(audit: Audit, viewer: User, sign_in: SignIn) -> None:
    response = sign_in(viewer).get(
        reverse("audit_report", args=[audit.project.team.slug, audit.project.slug, audit.number])
    )
    assert json.loads(response.content) == audit.report
    assert response["Content-Disposition"] == f'attachment; filename="{audit.project.slug}-audit-{audit.number}.json"'


def test_there_is_no_report_before_the_end(project: Project, owner: User, sign_in: SignIn) -> None:
    audit = request_audit(project, owner)
    address = reverse("audit_report", args=[project.team.slug, project.slug, audit.number])
    assert sign_in(owner).get(address).status_code == 404


def stage(name: str, state: str) -> dict[str, object]:
    now = timezone.now().isoformat()
    return {
        "name": name,
        "title": "Fetch the source",
        "state": state,
        "started_at": now,
        "finished_at": None,
        "message": "",
    }
