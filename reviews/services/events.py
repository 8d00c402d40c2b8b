"""The trail: who did what. Written in the transaction of the deed, never changed afterwards."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from django.db.models import Model

from reviews.models import Event, Team, User

client_address: ContextVar[str | None] = ContextVar("client_address", default=None)


def record(
    action: str, *, actor: User | None, about: Model | None = None, team: Team | None = None, **data: Any
) -> None:
    """`action` reads like "project.created"; `data` is small and holds no secret."""
    Event.objects.create(
        actor=actor,
        action=action,
        object_type=about._meta.model_name or "" if about else "",
        object_id=str(about.pk) if about else "",
        team=team,
        data=data,
        ip=client_address.get(),
    )
