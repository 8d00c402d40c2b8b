from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from reviews.models import Membership, Role, SetupLink, Team, User
from reviews.services.errors import Refused
from reviews.services.events import record


def make_setup_token() -> str | None:
    """A new one-time token that creates the first owner, voiding older ones; None once there is a user."""
    if User.objects.exists():
        return None
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        SetupLink.objects.filter(used_at=None).delete()
        SetupLink.objects.create(token_hash=_hash(token))
    return token


def setup_token_valid(token: str) -> bool:
    return SetupLink.objects.filter(token_hash=_hash(token), used_at=None).exists() and not User.objects.exists()


def create_owner(token: str, *, email: str, password: str, name: str = "") -> User:
    """The first person, who administers the installation and owns a personal team. Uses the token up."""
    with transaction.atomic():
        used = SetupLink.objects.filter(token_hash=_hash(token), used_at=None).update(used_at=timezone.now())
        if not used or User.objects.exists():
            raise Refused("This link was used already: sign in instead")
        user = User.objects.create_superuser(email, password, name=name)
        record("account.owner_created", actor=user, about=user, team=ensure_personal_team(user))
    return user


def ensure_personal_team(user: User) -> Team:
    """The user's own team, made on first need."""
    own = Team.objects.filter(personal=True, memberships__user=user, memberships__role=Role.OWNER).first()
    if own is not None:
        return own
    with transaction.atomic():
        team = Team.objects.create(
            name=str(user), slug=free_team_slug(user.name or user.email.split("@")[0]), personal=True
        )
        Membership.objects.create(team=team, user=user, role=Role.OWNER)
    return team


def free_team_slug(name: str) -> str:
    stem = slugify(name)[:50] or "team"
    taken = set(Team.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return free_slug(stem, taken)


def free_slug(stem: str, taken: set[str]) -> str:
    """`stem`, or the first of `stem-2`, `stem-3`, … that is not taken."""
    number = 1
    slug = stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
