from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from reviews.models import User
from reviews.services.events import record


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's hooks: who may register, and the trail of sign-ins."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.REGISTRATION_OPEN)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        record("account.signed_in", actor=user, about=user)
        return super().post_login(request, user, **kwargs)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        record("account.sign_in_failed", actor=None, email=str(credentials.get("email", ""))[:254])
        super().authentication_failed(request, **credentials)
