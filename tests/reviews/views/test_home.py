from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from reviews.models import Audit, Project, State, Team, User
from reviews.overview import project_rows
from reviews.services.audits import request_audit
from reviews.services.projects import create_sample_project

SignIn = Callable[[User], Client]


def test_an_empty_installation_teaches_and_offers_three_ways(stranger: User, sign_in: SignIn) -> None:
    page = sign_in(stranger).get(reverse("home")).content.decode()
    assert "How good is the image" in page
    for way in (
        reverse("new_sample"),
        reverse("new_project") + "?source=link",
        reverse("new_project") + "?source=upload",
    ):
        assert way in page


def test_a_score_never_stands_without_its_coverage(audit: Audit, viewer: User, sign_in: SignIn) -> None:
    page = sign_in(viewer).get(reverse("home")).content.decode()
    assert f"<strong>{audit.score_value:.0f}</strong>" in page
    assert f"{round(audit.score_coverage * 100)} % covered" in page


def test_a_row_keeps_the_last_score_while_a_new_audit_waits(audit: Audit, owner: User) -> None:
    waiting = request_audit(audit.project, owner)
    (row,) = project_rows(owner)
    assert (row.latest, row.scored, row.active) == (waiting, audit, True)
    assert row.trend == (audit.score_value,)


def test_a_failed_audit_leaves_no_hole_in_the_trend(audit: Audit, owner: User) -> None:
    failed = request_audit(audit.project, owner)
    Audit.objects.filter(pk=failed.pk).update(state=State.FAILED, error="the link is wrong")
    (row,) = project_rows(owner)
    assert row.latest == failed
    assert row.trend == (audit.score_value,)


def test_the_list_refreshes_itself_only_while_something_runs(audit: Audit, owner: User, sign_in: SignIn) -> None:
    client = sign_in(owner)
    assert 'id="projects" hx-get' not in " ".join(client.get(reverse("home")).content.decode().split())
    request_audit(audit.project, owner)
    fragment = client.get(reverse("home"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert 'hx-trigger="every 2s"' in fragment
    assert "Waiting for a worker" in fragment


def test_more_projects_do_not_cost_more_queries(
    audit: Audit, team: Team, owner: User, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(owner)
    with django_assert_num_queries(4):  # session, user, projects, audits
        client.get(reverse("home"))
    for _ in range(5):
        request_audit(create_sample_project(team, owner), owner)
    with django_assert_num_queries(4):
        client.get(reverse("home"))


def test_a_project_without_target_says_what_is_left_to_do(project: Project, owner: User, sign_in: SignIn) -> None:
    Project.objects.update(target_chosen=False)
    assert "Choose what to audit" in sign_in(owner).get(reverse("home")).content.decode()
