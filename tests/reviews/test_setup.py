from __future__ import annotations

import pytest
from django.test import Client

from reviews.models import Event, User
from reviews.services.accounts import make_setup_token
from reviews.views import setup

FORM = {"name": "Ann", "email": "ann@example.org", "password": "correct horse battery"}


@pytest.fixture
def link(db: None) -> str:
    return f"/setup/{make_setup_token()}/"


def test_the_link_creates_the_owner_and_signs_in(link: str) -> None:
    client = Client()
    assert client.post(link, FORM)["Location"] == "/"
    assert client.get("/").status_code == 200
    assert User.objects.get().email == "ann@example.org"


def test_the_link_works_once(link: str) -> None:
    Client().post(link, FORM)
    assert Client().get(link).status_code == 404
    assert Client().post(link, {**FORM, "email": "eve@example.org"}).status_code == 404
    assert User.objects.count() == 1


def test_of_two_at_once_the_later_is_asked_to_sign_in(link: str, monkeypatch) -> None:
    Client().post(link, FORM)
    monkeypatch.setattr(setup, "setup_token_valid", lambda token: True)
    response = Client().post(link, {**FORM, "email": "eve@example.org"})
    assert response["Location"] == "/accounts/login/"
    assert User.objects.count() == 1


def test_a_weak_password_is_refused(link: str) -> None:
    response = Client().post(link, {**FORM, "password": "password"})
    assert response.status_code == 422
    assert not User.objects.exists()


def test_the_owner_signs_in_by_e_mail_address_and_it_is_written_down(link: str) -> None:
    Client().post(link, FORM)
    client = Client()
    response = client.post("/accounts/login/", {"login": "ann@example.org", "password": FORM["password"]})
    assert response.status_code == 302
    event = Event.objects.get(action="account.signed_in")
    assert (event.actor.email, event.ip) == ("ann@example.org", "127.0.0.1")


def test_a_failed_sign_in_is_written_down(owner: User) -> None:
    Client().post("/accounts/login/", {"login": owner.email, "password": "wrong"})
    assert Event.objects.get(action="account.sign_in_failed").data == {"email": owner.email}


def test_many_failed_sign_ins_are_stopped(owner: User) -> None:
    client = Client()
    statuses = [client.post("/accounts/login/", {"login": owner.email, "password": "wrong"}).content for _ in range(7)]
    assert Event.objects.filter(action="account.sign_in_failed").count() == 5
    assert b"Too many" in statuses[-1]


def test_nobody_registers_by_default(db: None) -> None:
    form = {"email": "eve@example.org", "password1": "correct horse battery", "password2": "correct horse battery"}
    Client().post("/accounts/signup/", form)
    assert not User.objects.exists()


def test_the_installation_says_that_it_is_well(db: None) -> None:
    assert Client().get("/healthz").json() == {"status": "ok"}
