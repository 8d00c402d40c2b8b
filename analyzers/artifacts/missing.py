from __future__ import annotations

from analyzers.records import dataclass


@dataclass(frozen=True, slots=True)
class Missing:
    """Stands in for an artifact that could not be gathered; `reason` completes "unknown: …" for a person."""

    reason: str
