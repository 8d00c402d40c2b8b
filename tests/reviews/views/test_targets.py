from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from reviews.models import Audit, Discovery, Project, State, User
from tests.reports import target

SignIn = Callable[[User], Client]
FOUND = [
    target(dockerfile="dev.Dockerfile", development=True, reason="no deployment file builds it"),
    target(dockerfile="web/Dockerfile", context="web", stage="production", reason="compose.yaml builds it"),
    target(dockerfile="worker/Dockerfile"),
]


@pytest.fixture
def search(project: Project) -> Discovery:
    Project.objects.update(target_chosen=False, dockerfile="", context="", stage="")
    return project.discoveries.create(state=State.DONE, targets=FOUND)


def address(project: Project) -> str:
    return reverse("target", args=[project.team.slug, project.slug])


def chosen(page: str) -> list[str]:
    return re.findall(r'name="choice"\s+value="(\d+)"\s+checked', page)


def test_each_target_is_shown_with_what_it_is(search: Discovery, maintainer: User, sign_in: SignIn) -> None:
    page = sign_in(maintainer).get(address(search.project)).content.decode()
    for text in (
        "web/Dockerfile",
        "stage production",
        'Context: <span class="mono">web</span>',
        "compose.yaml builds it",
        ">development<",
    ):
        assert text in page


def test_the_first_that_is_not_for_development_is_preselected(
    search: Discovery, maintainer: User, sign_in: SignIn
) -> None:
    assert chosen(sign_in(maintainer).get(address(search.project)).content.decode()) == ["1"]


def test_the_present_choice_is_preselected(search: Discovery, maintainer: User, sign_in: SignIn) -> None:
    Project.objects.update(target_chosen=True, dockerfile="worker/Dockerfile", context=".", stage="")
    assert chosen(sign_in(maintainer).get(address(search.project)).content.decode()) == ["2"]


def test_a_choice_is_kept_and_audited(search: Discovery, maintainer: User, sign_in: SignIn) -> None:
    response = sign_in(maintainer).post(address(search.project), {"choice": "1"})
    project = Project.objects.get()
    assert (project.dockerfile, project.context, project.stage) == ("web/Dockerfile", "web", "production")
    assert response.url == Audit.objects.get().get_absolute_url()


@pytest.mark.parametrize("choice", ["", "3", "-1", "x"])
def test_a_choice_that_is_not_on_the_list_is_refused(
    choice: str, search: Discovery, maintainer: User, sign_in: SignIn
) -> None:
    response = sign_in(maintainer).post(address(search.project), {"choice": choice})
    assert response.status_code == 422
    assert not Audit.objects.exists()


def test_a_running_search_is_followed(search: Discovery, maintainer: User, sign_in: SignIn) -> None:
    Discovery.objects.update(state=State.QUEUED, targets=[])
    page = sign_in(maintainer).get(address(search.project)).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "Waiting for a worker" in page


def test_the_found_targets_end_the_asking(search: Discovery, maintainer: User, sign_in: SignIn) -> None:
    fragment = sign_in(maintainer).get(address(search.project), headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in fragment
    assert "<html" not in fragment
    assert "csrfmiddlewaretoken" in fragment


def test_a_failed_search_says_why_and_offers_another(search: Discovery, maintainer: User, sign_in: SignIn) -> None:
    Discovery.objects.update(state=State.FAILED, error="the host is not known: check the link")
    client = sign_in(maintainer)
    page = client.get(address(search.project)).content.decode()
    assert "The host is not known: check the link." in page
    client.post(reverse("target_search", args=[search.project.team.slug, search.project.slug]))
    assert Discovery.objects.filter(state=State.QUEUED).count() == 1


def test_a_source_without_dockerfile_says_what_was_looked_for(
    search: Discovery, maintainer: User, sign_in: SignIn
) -> None:
    Discovery.objects.update(targets=[])
    page = sign_in(maintainer).get(address(search.project)).content.decode()
    assert "No Dockerfile in this source" in page
    assert "Containerfile" in page


def test_the_page_starts_a_search_where_none_was_made(project: Project, maintainer: User, sign_in: SignIn) -> None:
    sign_in(maintainer).get(address(project))
    assert project.discoveries.get().state == State.QUEUED
