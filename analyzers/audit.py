"""One audit: gather, check, report."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator

from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.code import Code
from analyzers.artifacts.dependencies import Dependencies
from analyzers.artifacts.missing import Missing
from analyzers.artifacts.target import AuditDate, Target
from analyzers.gather import Artifacts, Job, gather
from analyzers.registry import all_checks
from analyzers.report import Report, Trouble, build_report
from analyzers.runner import evaluate
from analyzers.source import Source

Progress = Callable[[str], None]


def _silent(stage: str) -> None:
    pass


def run_audit(
    source: Source,
    target: Target,
    *,
    today: datetime.date,
    targets: Iterable[Target] = (),
    application_type: str = "web_application",
    progress: Progress = _silent,
) -> Report:
    """Lint the target and judge all items. `progress` is told each stage ("lint", "checks") as it begins."""
    progress("lint")
    inputs = Artifacts({Source: source, Target: target, AuditDate: AuditDate(today)})
    artifacts = gather(Job.LINT, inputs)
    progress("checks")
    results = [(check, evaluate(check, artifacts)) for check in all_checks()]
    troubles = _troubles(artifacts)
    return build_report(source, target, targets, results, today.isoformat(), application_type, troubles)


def _troubles(artifacts: Artifacts) -> Iterator[Trouble]:
    """Parts of the source that could not be read, so that no gap stays silent."""
    plan = artifacts.get(BuildPlan)
    if isinstance(plan, Missing):
        yield Trouble(plan.reason)
    else:
        yield from (Trouble(p.message, plan.dockerfile.path, p.line) for p in plan.dockerfile.problems)
    yield from (Trouble(why, path) for path, why in _unread(artifacts))


def _unread(artifacts: Artifacts) -> list[tuple[str, str]]:
    dependencies, code = artifacts.get(Dependencies), artifacts.get(Code)
    manifests = () if isinstance(dependencies, Missing) else dependencies.unread
    modules = () if isinstance(code, Missing) else code.unread
    return [*manifests, *modules]
