"""Which ARG and ENV names look like secrets, and which values are evidently none."""

from __future__ import annotations

import re

_SECRET = frozenset(
    {"TOKEN", "PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "KEY", "APIKEY", "CREDENTIAL", "CREDENTIALS", "PWD", "PASS"}
)
_PUBLIC = frozenset({"PUBLIC", "PUB", "PUBLISHABLE", "GPG", "PGP", "ANON", "SITE", "SITEKEY", "CACHE", "SORT", "HOST"})
_BROWSER_PREFIXES = ("NEXT_PUBLIC_", "VITE_", "REACT_APP_", "NUXT_PUBLIC_", "EXPO_PUBLIC_")
_DUMMY = frozenset(
    {
        "dummy", "fake", "example", "sample", "placeholder", "changeme", "change", "insecure", "unused", "none", "null",
        "test", "testing", "build", "buildtime", "not", "needed", "empty", "default", "replace", "replaceme", "todo",
        "ignore", "ignored", "temporary", "temp", "tmp", "xxx", "collectstatic",
    }
)  # fmt: skip
_LONGEST_DUMMY = 60


def looks_secret(name: str) -> bool:
    """DB_PASSWORD, NPM_TOKEN, SECRET_KEY; not MAX_TOKENS, PASSWORD_FILE, GPG_KEY or what every browser is given."""
    upper = name.upper()
    words = [word for word in re.split(r"[^A-Z0-9]+", upper) if word]
    if upper in ("PWD", "KEY", "PASS", "OLDPWD") or upper.startswith(_BROWSER_PREFIXES) or _PUBLIC & set(words):
        return False
    return words[-1:] != [] and (words[-1] in _SECRET or words[-2:] == ["KEY", "BASE"])


def is_dummy(value: str) -> bool:
    """Evidently no real secret: empty, a path, a small number, or words that say so ("build-time-dummy")."""
    plain = value.strip().strip("\"'")
    if not plain or plain.startswith("/") or (plain.isdigit() and len(plain) < 4):
        return True
    words = {word for word in re.split(r"[^a-z]+", plain.lower()) if word}
    return bool(_DUMMY & words) and len(plain) <= _LONGEST_DUMMY
