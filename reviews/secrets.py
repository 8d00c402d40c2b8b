"""Secrets at rest: a field that stores ciphertext and hands out a value that shows nothing until it is asked to."""

from __future__ import annotations

import functools
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


class SecretUnreadable(Exception):
    """The key that encrypted this secret is no longer among the installation's keys."""


class Secret:
    """An encrypted text. Falsy when empty; printing, logging or rendering it shows dots."""

    def __init__(self, token: str = "") -> None:
        self.token = token

    @classmethod
    def of(cls, text: str) -> Secret:
        return cls(_fernet().encrypt(text.encode()).decode() if text else "")

    def reveal(self) -> str:
        if not self.token:
            return ""
        try:
            return _fernet().decrypt(self.token.encode()).decode()
        except InvalidToken as error:
            raise SecretUnreadable("this secret was encrypted with a key that is gone: enter it again") from error

    def __bool__(self) -> bool:
        return bool(self.token)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.token == self.token

    def __hash__(self) -> int:
        return hash(self.token)

    def __str__(self) -> str:
        return "••••••••" if self.token else ""

    __repr__ = __str__


class SecretField(models.TextField):
    """Holds a `Secret`; a plain text assigned to it is encrypted when it is saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", Secret)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_: object) -> Secret:
        return Secret(value or "")

    def to_python(self, value: object) -> Secret:
        return value if isinstance(value, Secret) else Secret.of(str(value or ""))

    def get_prep_value(self, value: object) -> str:
        return self.to_python(value).token


@functools.cache
def _fernet() -> MultiFernet:
    """The first key encrypts, every key decrypts: rotate by putting a new one in front."""
    return MultiFernet([Fernet(key) for key in settings.SECRET_FIELD_KEYS])
