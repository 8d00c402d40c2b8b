"""Who gets which answer, page by page. A stranger is told the same as about what does not exist."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from reviews.models import Audit, Project, User

SignIn = Callable[[User], Client]
ROLES = ("viewer", "reviewer", "maintainer", "owner")
# name, method, the lowest role that may
PAGES = (
    ("project", "get", "viewer"),
    ("audit", "get", "viewer"),
    ("audit_report", "get", "viewer"),
    ("audit_start", "post", "reviewer"),
    ("audit_cancel", "post", "reviewer"),
    ("target", "get", "maintainer"),
    ("target_search", "post", "maintainer"),
    ("project_settings", "get", "maintainer"),
    ("project_upload", "post", "maintainer"),
    ("project_delete", "post", "owner"),
)
CASES = [pytest.param(*page, id=page[0]) for page in PAGES]


def address(name: str, audit: Audit, project: str = "") -> str:
    numbered = [audit.number] if name in ("audit", "audit_report", "audit_cancel") else []
    return reverse(name, args=[audit.project.team.slug, project or audit.project.slug, *numbered])


def without_tokens(response: HttpResponse) -> str:
    """The page without its CSRF tokens, which differ each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


@pytest.mark.parametrize(("name", "method", "lowest"), CASES)
def test_each_role_may_do_what_it_should_and_no_more(
    name: str, method: str, lowest: str, audit: Audit, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    for role in ROLES:
        client = sign_in(request.getfixturevalue(role))
        status = getattr(client, method)(address(name, audit)).status_code
        allowed = ROLES.index(role) >= ROLES.index(lowest)
        assert (status != 403) == allowed, f"{role} got {status}"
        assert status != 404 or name == "project_upload", f"{role} got 404"


@pytest.mark.parametrize(("name", "method", "lowest"), CASES)
def test_a_stranger_cannot_tell_it_from_nothing(
    name: str, method: str, lowest: str, audit: Audit, stranger: User, sign_in: SignIn
) -> None:
    client = sign_in(stranger)
    existing = getattr(client, method)(address(name, audit))
    missing = getattr(client, method)(address(name, audit, project="no-such-project"))
    assert existing.status_code == missing.status_code == 404
    assert without_tokens(existing) == without_tokens(missing)


@pytest.mark.parametrize(("name", "method", "lowest"), CASES)
def test_nobody_unknown_gets_in(name: str, method: str, lowest: str, audit: Audit, client: Client) -> None:
    response = getattr(client, method)(address(name, audit))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["home", "new_project", "checks"])
def test_pages_of_no_project_ask_to_sign_in(name: str, client: Client, db: None) -> None:
    assert client.get(reverse(name)).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["audit_start", "target_search", "project_upload", "project_delete"])
def test_what_changes_something_is_not_done_by_a_link(name: str, audit: Audit, owner: User, sign_in: SignIn) -> None:
    assert sign_in(owner).get(address(name, audit)).status_code == 405


def test_the_home_page_shows_a_stranger_nothing_of_others(audit: Audit, stranger: User, sign_in: SignIn) -> None:
    assert audit.project.name not in sign_in(stranger).get(reverse("home")).content.decode().split("<footer")[
        0
    ].replace("Audit the sample project", "")


def test_a_stranger_cannot_add_to_a_team_that_is_not_his(project: Project, stranger: User, sign_in: SignIn) -> None:
    form = {"source": "link", "url": "https://github.com/acme/shop", "application_type": "web_application"}
    response = sign_in(stranger).post(reverse("new_project"), {**form, "team": project.team.pk})
    assert response.status_code == 422
    assert project.team.projects.count() == 1


def test_a_viewer_cannot_add_a_project(project: Project, viewer: User, sign_in: SignIn) -> None:
    response = sign_in(viewer).post(reverse("new_sample"), {"team": project.team.slug})
    assert response.status_code == 404
    assert project.team.projects.count() == 1


def test_controls_are_shown_to_those_who_may_use_them(
    audit: Audit, viewer: User, reviewer: User, owner: User, sign_in: SignIn
) -> None:
    pages = {
        user.name: sign_in(user).get(address("project", audit)).content.decode() for user in (viewer, reviewer, owner)
    }
    start, settings = address("audit_start", audit), address("project_settings", audit)
    assert [start in pages[name] for name in ("Viewer", "Reviewer", "Owner")] == [False, True, True]
    assert [settings in pages[name] for name in ("Viewer", "Reviewer", "Owner")] == [False, False, True]
