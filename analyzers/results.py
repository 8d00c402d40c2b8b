"""What a check concludes: a verdict, its score, and the findings it rests on."""

from __future__ import annotations

from enum import StrEnum

from analyzers.records import dataclass, field, replace


class Verdict(StrEnum):
    PASS = "pass"
    PARTIAL = "partial"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    REVIEW = "review"
    UNKNOWN = "unknown"


DECIDED = frozenset({Verdict.PASS, Verdict.PARTIAL, Verdict.FAIL})


class EvidenceLevel(StrEnum):
    """How strong the evidence is, weakest first; `attested` is a person's word."""

    STATIC = "static"
    BUILT = "built"
    MEASURED = "measured"
    ATTESTED = "attested"


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation behind a result. Lines are 1-based and inclusive; `path` is relative to the source's root."""

    message: str
    path: str | None = None
    line: int | None = None
    end_line: int | None = None


@dataclass(frozen=True, slots=True)
class Fix:
    """How to mend this file: `text` for a person, in Markdown; `diff` (unified) where the change is local."""

    text: str = ""
    diff: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One checklist item decided. A decided verdict has a score in 0..1; every other has none."""

    verdict: Verdict
    summary: str
    findings: tuple[Finding, ...] = ()
    score: float | None = None
    evidence: EvidenceLevel = EvidenceLevel.STATIC
    fix: Fix = field(default_factory=Fix)

    def __post_init__(self) -> None:
        decided = self.verdict in DECIDED
        if decided != (self.score is not None) or (self.score is not None and not 0 <= self.score <= 1):
            raise ValueError(f"a {self.verdict} result cannot have the score {self.score}")
        if not self.summary:
            raise ValueError("a result needs a summary")

    def with_fix(self, text: str, diff: str = "") -> Result:
        return replace(self, fix=Fix(text, diff))


def passed(summary: str, *findings: Finding) -> Result:
    return Result(Verdict.PASS, summary, findings, 1.0)


def partial(summary: str, *findings: Finding, score: float = 0.5) -> Result:
    return Result(Verdict.PARTIAL, summary, findings, score)


def failed(summary: str, *findings: Finding) -> Result:
    return Result(Verdict.FAIL, summary, findings, 0.0)


def not_applicable(summary: str, *findings: Finding) -> Result:
    return Result(Verdict.NOT_APPLICABLE, summary, findings)


def review(summary: str, *findings: Finding) -> Result:
    return Result(Verdict.REVIEW, summary, findings)


def unknown(summary: str, *findings: Finding) -> Result:
    return Result(Verdict.UNKNOWN, summary, findings)
