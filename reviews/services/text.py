from __future__ import annotations

from typing import Any


def storable(value: Any) -> Any:
    """JSON that every database takes: no NUL and no lone surrogate, which a hostile repository may well contain."""
    if isinstance(value, str):
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {storable(key): storable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [storable(part) for part in value]
    return value
