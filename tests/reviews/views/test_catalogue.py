from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from analyzers.registry import all_checks
from reviews.models import User

SignIn = Callable[[User], Client]


def test_every_check_is_listed(viewer: User, sign_in: SignIn) -> None:
    page = sign_in(viewer).get(reverse("checks")).content.decode()
    for check in all_checks():
        assert reverse("check", args=[check.id]) in page


@pytest.mark.parametrize("identifier", [check.id for check in all_checks()])
def test_every_check_has_a_page_of_its_documentation(identifier: str, viewer: User, sign_in: SignIn) -> None:
    page = sign_in(viewer).get(reverse("check", args=[identifier])).content.decode()
    for heading in ("What it checks", "Why it matters", "How to fix"):
        assert f"<h2>{heading}</h2>" in page


@pytest.mark.parametrize("identifier", ["image.base.nothing", "_decide", "..", "image"])
def test_no_other_module_is_a_page(identifier: str, viewer: User, sign_in: SignIn) -> None:
    assert sign_in(viewer).get(f"/checks/{identifier}/").status_code == 404
