"""How sentences of the services and the analyzers read on a page."""

from __future__ import annotations

import re

PLAIN_START = re.compile(r"[a-z]+(?=[ ,.:;]? |$)")
"""A first word that may take a capital: not a file's name, an option or a variable."""


def capital(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] if PLAIN_START.match(text) else text


def sentence(text: str) -> str:
    """With a capital and a full stop, as a page's own sentences have them."""
    text = capital(text)
    return f"{text}." if text and not text.endswith((".", "!", "?")) else text
