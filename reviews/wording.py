"""How errors of the services and the analyzers read on a page."""

from __future__ import annotations


def sentence(text: str) -> str:
    """With a capital and a full stop, as a page's own sentences have them."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}" if text else ""
