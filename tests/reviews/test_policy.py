"""Who may do what, route by route. A route that is not in the table fails the suite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from reviews.models import Audit, Role, User
from reviews.services.accounts import make_setup_token

SignIn = Callable[[User], Client]


class Open(Enum):
    """Policies that ask for no role in a team."""

    EVERYBODY = "everybody"
    SIGNED_IN = "signed in"


# route: (method, who). A role means that role and those above it; below it 403, strangers 404.
POLICY: dict[str, tuple[str, Open | Role]] = {
    "healthz": ("get", Open.EVERYBODY),
    "setup": ("get", Open.EVERYBODY),
    "home": ("get", Open.SIGNED_IN),
    "new_project": ("get", Open.SIGNED_IN),
    "new_sample": ("post", Open.SIGNED_IN),
    "checks": ("get", Open.SIGNED_IN),
    "check": ("get", Open.SIGNED_IN),
    "project": ("get", Role.VIEWER),
    "audit": ("get", Role.VIEWER),
    "audit_report": ("get", Role.VIEWER),
    "audit_start": ("post", Role.REVIEWER),
    "audit_cancel": ("post", Role.REVIEWER),
    "target": ("get", Role.MAINTAINER),
    "target_search": ("post", Role.MAINTAINER),
    "project_settings": ("get", Role.MAINTAINER),
    "project_upload": ("post", Role.MAINTAINER),
    "project_delete": ("post", Role.OWNER),
}
# allauth's own pages decide for themselves; only these may be asked for without signing in
ALLAUTH = "accounts/"
ALLAUTH_OPEN = {
    "account_login",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "mfa_authenticate",
}

TEAM_ROUTES = [name for name, (_, who) in POLICY.items() if isinstance(who, Role)]
SIGNED_IN_ROUTES = [name for name, (_, who) in POLICY.items() if who is not Open.EVERYBODY]


def routes() -> Iterator[tuple[str, str]]:
    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, str]]:
        for pattern in patterns:
            place = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, place)
            else:
                yield place, str(pattern.name)

    return walk(get_resolver().url_patterns, "")


@pytest.fixture
def ask(audit: Audit) -> Callable[[Client, str], HttpResponse]:
    """Ask for a route about `audit`, its project or its team."""
    project = audit.project
    known = {"team": project.team.slug, "project": project.slug, "number": audit.number, "token": "none"}
    known["identifier"] = "image.base.pinned"

    def send(client: Client, name: str) -> HttpResponse:
        pattern = next(place for place, found in routes() if found == name)
        arguments = {key: value for key, value in known.items() if f":{key}>" in pattern}
        return getattr(client, POLICY[name][0])(reverse(name, kwargs=arguments))

    return send


def test_every_route_has_a_policy() -> None:
    own = {name for place, name in routes() if not place.startswith(ALLAUTH)}
    assert own == set(POLICY)


@pytest.mark.parametrize("name", SIGNED_IN_ROUTES)
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(ask, name: str) -> None:
    response = ask(Client(), name)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", TEAM_ROUTES)
def test_a_stranger_gets_what_nothing_gives(ask, sign_in: SignIn, stranger: User, name: str) -> None:
    response = ask(sign_in(stranger), name)
    assert response.status_code == 404
    assert "Sample project" not in response.content.decode()


@pytest.mark.parametrize("name", TEAM_ROUTES)
@pytest.mark.parametrize("role", Role)
def test_a_member_may_what_the_role_allows(ask, sign_in: SignIn, request, name: str, role: Role) -> None:
    user = request.getfixturevalue(role.label.lower())
    response = ask(sign_in(user), name)
    if role < POLICY[name][1].value:
        assert response.status_code == 403
    else:
        assert response.status_code not in (403, 500)


@pytest.mark.parametrize("name", POLICY)
def test_no_page_may_be_kept_by_a_cache_or_load_from_elsewhere(ask, sign_in: SignIn, owner: User, name: str) -> None:
    response = ask(sign_in(owner), name)
    assert response["Cache-Control"] == "private, no-store"
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("name", [name for name, (method, _) in POLICY.items() if method == "post"])
def test_nothing_is_changed_by_a_link(audit: Audit, sign_in: SignIn, owner: User, name: str) -> None:
    project = audit.project
    arguments = {"team": project.team.slug, "project": project.slug, "number": audit.number}
    pattern = next(place for place, found in routes() if found == name)
    url = reverse(name, kwargs={key: value for key, value in arguments.items() if f":{key}>" in pattern})
    assert sign_in(owner).get(url).status_code == 405


@pytest.mark.parametrize("name", [name for place, name in routes() if place.startswith(ALLAUTH)])
def test_allauths_pages_ask_for_a_sign_in(db: None, name: str) -> None:
    arguments = {"account_confirm_email": {"key": "x"}, "account_reset_password_from_key": {"uidb36": "1", "key": "x"}}
    response = Client().get(reverse(name, kwargs=arguments.get(name)))
    if name in ALLAUTH_OPEN:
        assert response.status_code < 500
    else:
        assert response.status_code == 302


def test_the_setup_page_is_there_only_with_its_token(db: None) -> None:
    token = make_setup_token()
    assert Client().get(f"/setup/{token}/").status_code == 200
    assert Client().get("/setup/another/").status_code == 404
