from __future__ import annotations

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse

from reviews.services.events import client_address

Handler = Callable[[HttpRequest], HttpResponse]


class PrivatePages:
    """No cache keeps a page of a signed-in person, and none keeps a page that did not say it may be kept."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated or not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


class ClientAddress:
    """Makes the address of the request's sender known to the events written while it is answered."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = client_address.set(get_adapter(request).get_client_ip(request))
        try:
            return self.get_response(request)
        finally:
            client_address.reset(token)
