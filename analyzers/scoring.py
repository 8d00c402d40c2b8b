"""From results to a score: always value, coverage and confidence together. The policy lives here alone."""

from __future__ import annotations

from collections.abc import Iterable

from analyzers.records import dataclass
from analyzers.results import EvidenceLevel, Verdict

MODEL_VERSION = 1


@dataclass(frozen=True, slots=True)
class Weighed:
    """What scoring needs of an item, so that stored rows can be scored as well as fresh results."""

    id: str
    weight: int
    verdict: Verdict
    score: float | None
    evidence: EvidenceLevel
    measurable: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """`value` in 0..100, one decimal, None where nothing is decided; `coverage` and `confidence` in 0..1."""

    value: float | None
    coverage: float
    confidence: float


def score(items: Iterable[Weighed]) -> Score:
    """Weighted mean of the decided items (specification: ../spec/checklist.md, "Score")."""
    items = list(items)
    decided = [item for item in items if item.score is not None]
    applicable = sum(item.weight for item in items if item.verdict is not Verdict.NOT_APPLICABLE)
    weight = sum(item.weight for item in decided)
    earned = sum(item.weight * (item.score or 0.0) for item in decided)
    value = round(100 * earned / weight, 1) if weight else None
    return Score(value, round(weight / applicable, 3) if applicable else 1.0, _confidence(decided))


def sections(items: Iterable[Weighed]) -> dict[str, Score]:
    """The score of each section, in the items' order."""
    grouped: dict[str, list[Weighed]] = {}
    for item in items:
        grouped.setdefault(item.id.split(".")[0], []).append(item)
    return {section: score(members) for section, members in grouped.items()}


def worth(items: Iterable[Weighed], identifier: str) -> float:
    """Points that the overall score gains if this item passes; 0 where it is not decided."""
    items = list(items)
    decided = [item for item in items if item.score is not None]
    weight = sum(item.weight for item in decided)
    return sum(
        round(100 * item.weight * (1 - (item.score or 0.0)) / weight, 1) for item in decided if item.id == identifier
    )


def _confidence(decided: list[Weighed]) -> float:
    possible = [item for item in decided if item.measurable]
    weight = sum(item.weight for item in possible)
    strong = sum(i.weight for i in possible if i.evidence in (EvidenceLevel.BUILT, EvidenceLevel.MEASURED))
    return round(strong / weight, 3) if weight else 0.0
