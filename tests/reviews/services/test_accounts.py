from __future__ import annotations

import pytest

from reviews.models import Event, Membership, Role, SetupLink, User
from reviews.services.accounts import create_owner, ensure_personal_team, make_setup_token, setup_token_valid
from reviews.services.errors import Refused


def test_the_setup_link_creates_the_owner_once(db: None) -> None:
    token = make_setup_token()
    assert token is not None
    user = create_owner(token, email="Ann@Example.org", password="a long password", name="Ann")
    assert user.email == "ann@example.org"
    assert user.check_password("a long password")
    assert Membership.objects.get(user=user).role == Role.OWNER
    with pytest.raises(Refused):
        create_owner(token, email="eve@example.org", password="a long password")
    assert User.objects.count() == 1
    assert Event.objects.filter(action="account.owner_created").count() == 1


def test_the_token_is_not_stored(db: None) -> None:
    token = make_setup_token()
    assert token not in SetupLink.objects.get().token_hash


def test_a_newer_link_voids_the_older(db: None) -> None:
    older, newer = make_setup_token(), make_setup_token()
    assert older is not None
    assert newer is not None
    assert not setup_token_valid(older)
    assert setup_token_valid(newer)


def test_there_is_no_setup_link_once_there_is_a_user(owner: User) -> None:
    assert make_setup_token() is None


def test_a_personal_team_is_made_once(owner: User) -> None:
    assert ensure_personal_team(owner) == ensure_personal_team(owner)
    assert ensure_personal_team(owner).slug == "owner"
