from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from reviews.models import User


class Request(HttpRequest):
    """A request as our views get it: somebody has signed in, and htmx says whether it asks for a fragment."""

    user: User
    htmx: HtmxDetails
