from __future__ import annotations

from analyzers.artifacts.missing import Missing
from analyzers.checks.production.performance.limits import limits
from analyzers.results import Verdict
from tests import builders as make


def test_a_person_has_to_say_and_sees_the_declared_limits() -> None:
    result = limits(make.deployment(make.service(memory_limit="512M")))
    assert result.verdict is Verdict.REVIEW
    assert "`web` 512M, no CPU limit" in result.summary


def test_it_asks_also_where_nothing_is_deployed() -> None:
    assert limits(make.deployment()).verdict is Verdict.REVIEW
    assert limits(Missing("not gathered")).verdict is Verdict.REVIEW
