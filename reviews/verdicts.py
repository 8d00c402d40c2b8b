"""How verdicts, evidence and states are shown: always an icon and a word, never a colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from analyzers.results import EvidenceLevel, Verdict
from reviews.models import State


@dataclass(frozen=True, slots=True)
class Mark:
    """`name` is the value in the report, `word` what a person reads, `icon` a vendored lucide icon."""

    name: str
    word: str
    icon: str
    meaning: str = ""


VERDICTS: dict[str, Mark] = {
    mark.name: mark
    for mark in (
        Mark(Verdict.FAIL, "Fail", "circle-x", "It does not hold."),
        Mark(Verdict.PARTIAL, "Partial", "triangle-alert", "It holds in part."),
        Mark(Verdict.PASS, "Pass", "circle-check", "It holds."),
        Mark(Verdict.REVIEW, "Review", "eye", "Only a person can tell. It lowers coverage, not the score."),
        Mark(Verdict.UNKNOWN, "Unknown", "circle-question-mark", "The evidence could not be gathered."),
        Mark(Verdict.NOT_APPLICABLE, "Not applicable", "circle-minus", "It cannot matter for this target."),
    )
}
EVIDENCE: dict[str, Mark] = {
    mark.name: mark
    for mark in (
        Mark(EvidenceLevel.STATIC, "Static", "file-code", "Read from the files; nothing was built or run."),
        Mark(EvidenceLevel.BUILT, "Built", "container", "Seen in a real build or image."),
        Mark(EvidenceLevel.MEASURED, "Measured", "gauge", "Seen in a real run."),
        Mark(EvidenceLevel.ATTESTED, "Attested", "user", "A person's word, with a reason."),
    )
}
STATES: dict[str, Mark] = {
    mark.name: mark
    for mark in (
        Mark(State.QUEUED, "Waiting for a worker", "clock"),
        Mark(State.RUNNING, "Running", "loader-circle"),
        Mark(State.DONE, "Done", "check"),
        Mark(State.FAILED, "Failed", "circle-alert"),
        Mark(State.CANCELLED, "Cancelled", "ban"),
    )
}


def verdict_mark(name: str) -> Mark:
    """A verdict of a newer or older analyzer still gets a mark."""
    return VERDICTS.get(name) or Mark(name, name.replace("_", " ").capitalize(), "circle-question-mark")


def evidence_mark(name: str) -> Mark:
    return EVIDENCE.get(name) or Mark(name, name.capitalize(), "file-code")
