"""The rule that every check shares: fail conditions beat partial, partial beats pass."""

from __future__ import annotations

from analyzers.records import dataclass, field
from analyzers.results import Finding, Result, Verdict, failed, partial, passed, unknown


@dataclass
class Case:
    """Collects what speaks for and against one item; `decide` lets the worst level that has a finding win.

    A finding's message is a full sentence without a full stop that makes sense without its line number. `doubts` are
    parts that could not be read and could make the verdict worse: they turn everything but a fail into `unknown`.
    """

    failures: list[Finding] = field(default_factory=list)
    shortfalls: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    doubts: list[Finding] = field(default_factory=list)

    def fail(self, message: str, path: str | None = None, line: int | None = None, end_line: int | None = None) -> None:
        self.failures.append(Finding(message, path, line, end_line))

    def lower(
        self, message: str, path: str | None = None, line: int | None = None, end_line: int | None = None
    ) -> None:
        """A shortfall: partial at best."""
        self.shortfalls.append(Finding(message, path, line, end_line))

    def note(self, message: str, path: str | None = None, line: int | None = None, end_line: int | None = None) -> None:
        """Worth saying, decides nothing."""
        self.notes.append(Finding(message, path, line, end_line))

    def doubt(
        self, message: str, path: str | None = None, line: int | None = None, end_line: int | None = None
    ) -> None:
        """Could not be read, and could make the verdict worse."""
        self.doubts.append(Finding(message, path, line, end_line))

    @property
    def verdict(self) -> Verdict:
        if self.failures:
            return Verdict.FAIL
        if self.doubts:
            return Verdict.UNKNOWN
        return Verdict.PARTIAL if self.shortfalls else Verdict.PASS

    def decide(self, passing: str, *, summary: str = "", fix: str = "") -> Result:
        """`passing` is the summary of a pass; `summary` replaces the one made from the deciding findings.

        `fix` (Markdown) goes with a fail or a partial.
        """
        findings = (*self.failures, *self.shortfalls, *self.notes, *self.doubts)
        if self.failures:
            return failed(summary or summarise(self.failures), *findings).with_fix(fix)
        if self.doubts:
            return unknown(summarise(self.doubts), *findings)
        if self.shortfalls:
            return partial(summary or summarise(self.shortfalls), *findings).with_fix(fix)
        return passed(passing, *findings)


def summarise(findings: list[Finding]) -> str:
    """The first finding with its line, and how many more there are."""
    first = findings[0]
    line = f" (line {first.line})" if first.line else ""
    more = f", and {len(findings) - 1} more" if len(findings) > 1 else ""
    return f"{first.message[:1].upper()}{first.message[1:]}{line}{more}"
