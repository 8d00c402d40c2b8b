"""
The base image should be in support, and something should move it forward without anybody remembering to.

## What it checks

Two things, at the day of the audit. First, every release that the base's tag names is looked up in a dated table of
support ends: Python, and also the Debian, Alpine, Ubuntu or Node.js release in the same tag. Second, whether the
repository holds something that keeps the base fresh.

- **Pass:** all releases are in support, and Dependabot's `docker` ecosystem covers the Dockerfile's folder, or
  Renovate runs with Docker updates on, or a schedule rebuilds the image with an explicit pull.
- **Partial:** a release is past its regular support but inside a longer free one (Debian LTS), or the scheduled build
  does not pull.
- **Fail:** a release is past all free support, or nothing seen in the repository keeps the base fresh.

## Why it matters

A base image is most of the packages that run in production. After the end of support, holes in them are published but
no longer closed. An image that nobody rebuilds keeps the holes of the day it was built, whatever its tag says.

## How to fix

Move to a supported release:

```dockerfile
# before
FROM python:3.9-slim-buster
# after
FROM python:3.13-slim-trixie
```

And let a bot propose the next one (`.github/dependabot.yml`):

```yaml
version: 2
updates:
  - package-ecosystem: docker
    directory: /services/api
    schedule:
      interval: weekly
```

## Traps

- Dependabot looks into the named folder only: `/` does not cover `/app`. Use `directories` with a pattern for many.
- The `docker-compose` ecosystem reads Compose files, not Dockerfiles. `github-actions` does neither.
- A scheduled build without `--pull` may rebuild on the base that the runner has cached.
- The Debian codename in a tag ages on its own: `python:3.11-slim-buster` has a supported Python on a dead Debian.
"""

from __future__ import annotations

import datetime

from analyzers.artifacts.automation import Automation
from analyzers.artifacts.bases import Base, Bases, Release
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.missing import Missing
from analyzers.artifacts.target import AuditDate
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._dockerfile import fence
from analyzers.results import EvidenceLevel, Result, not_applicable


@check(
    order=3,
    weight=1,
    strongest=EvidenceLevel.STATIC,
    title="The base image is in support and kept fresh",
    failure_title="The base image is out of support, or nothing keeps it fresh",
)
def updates(plan: BuildPlan, bases: Bases, date: AuditDate, automation: Automation | Missing) -> Result:
    judged = bases.all if bases.final_scratch else tuple(base for base in [bases.final] if base is not None)
    if bases.final_scratch and not judged:
        return not_applicable("The image is built from scratch alone: there is no base to update")
    case = Case()
    for base in judged:
        _judge_releases(case, plan, base, date.today)
    if not judged:
        line = plan.final_base.line
        case.doubt("the base image has no value here, so its age cannot be told", plan.target.dockerfile, line)
    _note_builders(case, plan, bases, judged, date.today)
    keeper = _judge_automation(case, automation)
    return case.decide(f"{keeper}, and {_in_support(judged)}", fix=_fix(plan, case, bool(keeper)))


def _judge_releases(case: Case, plan: BuildPlan, base: Base, today: datetime.date) -> None:
    for release in base.releases:
        message = _past(release, today)
        if message:
            judge = case.fail if _ended(release, today) else case.lower
            judge(f"`{base.image.name}`: {message}", plan.target.dockerfile, base.image.line)


def _ended(release: Release, today: datetime.date) -> bool:
    last = release.lts_end or release.support_end
    return last is not None and today > last


def _past(release: Release, today: datetime.date) -> str:
    name = f"{release.product} {release.version}"
    if _ended(release, today):
        return f"{name} left free support on {release.lts_end or release.support_end}"
    if release.support_end is not None and today > release.support_end:
        return f"{name} left regular support on {release.support_end}; its longer support ends on {release.lts_end}"
    return ""


def _note_builders(case: Case, plan: BuildPlan, bases: Bases, judged: tuple[Base, ...], today: datetime.date) -> None:
    names = {base.image.name for base in judged}
    for base in bases.all:
        for release in base.releases if base.image.name not in names else ():
            if message := _past(release, today):
                text = f"`{base.image.name}`, which only the build uses: {message}"
                case.note(text, plan.target.dockerfile, base.image.line)


def _judge_automation(case: Case, automation: Automation | Missing) -> str:
    """What keeps the base fresh, in words; "" where nothing is known to."""
    if isinstance(automation, Missing):
        case.doubt(f"whether something keeps the base fresh cannot be told: {automation.reason}")
        return ""
    bot = next((bot for bot in automation.bots if bot.covers), None)
    pulling = next((s for s in automation.schedules if s.pulls), None)
    if bot is not None:
        case.note(f"{bot.name}: {bot.why}", bot.path, bot.line)
        return f"{bot.name} keeps the base fresh (`{bot.path}`)"
    if pulling is not None:
        case.note(pulling.why, pulling.path, pulling.line)
        return f"A scheduled build pulls the base (`{pulling.path}`)"
    _lacking(case, automation)
    return ""


def _lacking(case: Case, automation: Automation) -> None:
    for schedule in automation.schedules:
        case.lower(f"a scheduled build does not pull the base: {schedule.why}", schedule.path, schedule.line)
    if not automation.schedules:
        case.fail("no update bot and no scheduled rebuild for this Dockerfile is seen in the repository")
    for bot in automation.bots:
        case.note(f"{bot.name} does not cover this Dockerfile: {bot.why}", bot.path, bot.line)


def _in_support(judged: tuple[Base, ...]) -> str:
    ends = [f"{r.product} {r.version} until {r.support_end}" for b in judged for r in b.releases if r.support_end]
    return f"its releases are in support ({', '.join(ends)})" if ends else "its tag names no release past support"


def _fix(plan: BuildPlan, case: Case, kept: bool) -> str:
    steps = []
    old = [finding for finding in (*case.failures, *case.shortfalls) if finding.path == plan.target.dockerfile]
    if old:
        lines = ", ".join(f"line {finding.line}: {finding.message}" for finding in old)
        steps.append(f"Move to supported releases and run the tests on them ({lines}).")
    if not kept:
        folder = "/" + plan.target.dockerfile.rpartition("/")[0]
        text = f"version: 2\nupdates:\n  - package-ecosystem: docker\n    directory: {folder}\n    schedule:\n"
        bot = fence(text + "      interval: weekly", "yaml")
        steps.append(f"Let a bot propose updates, for example in `.github/dependabot.yml`:\n\n{bot}")
    return "\n\n".join(steps)
