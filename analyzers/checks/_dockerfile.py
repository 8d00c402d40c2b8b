"""Lines of the audited Dockerfile, for findings and fixes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from analyzers.artifacts.build_plan import BuildPlan, Step
from analyzers.artifacts.installs import Install, InstallKind, Installs

PACKAGE_KINDS = frozenset({InstallKind.SYSTEM, InstallKind.DEPENDENCY})


class Lines(Protocol):
    @property
    def line(self) -> int: ...
    @property
    def end_line(self) -> int: ...


def at(plan: BuildPlan, lines: Lines) -> tuple[str, int, int]:
    """Path and lines as a finding takes them; an install in a followed script is shown where the RUN calls it."""
    if isinstance(lines, Install) and lines.script:
        step = step_of(plan, lines)
        return plan.target.dockerfile, step.line, step.end_line
    return plan.target.dockerfile, lines.line, lines.end_line


def step_of(plan: BuildPlan, install: Install) -> Step:
    steps = plan.stages[install.stage].steps
    return next(step for step in steps if step.position == install.position)


def lines_of(items: Iterable[Lines]) -> str:
    """ "line 3", "lines 3 and 7", "lines 3, 5 and 9"."""
    return numbered(item.line for item in items)


def numbered(lines: Iterable[int]) -> str:
    numbers = [str(line) for line in sorted(set(lines))]
    if len(numbers) < 2:
        return "line " + "".join(numbers)
    return f"lines {', '.join(numbers[:-1])} and {numbers[-1]}"


def listed(names: Iterable[str]) -> str:
    """`a`, `b` and `c`, each in backticks, first ones first."""
    quoted = [f"`{name}`" for name in dict.fromkeys(names)]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def fence(text: str, language: str = "dockerfile") -> str:
    return f"```{language}\n{text.strip()}\n```"


def short(command: str, limit: int = 60) -> str:
    """A command in backticks on one line, cut at `limit` characters."""
    text = " ".join(command.split()).replace("`", "'")
    return f"`{text if len(text) <= limit else text[: limit - 1] + '…'}`"


def mentions(text: str, variable: str) -> bool:
    """Whether `$NAME` or `${NAME…}` occurs."""
    return re.search(r"\$\{?" + re.escape(variable) + r"(?![A-Za-z0-9_])", text) is not None


def installs_in(installs: Installs, step: Step) -> list[Install]:
    return [i for i in installs.all if (i.stage, i.position) == (step.stage, step.position)]


def unread_in(steps: Iterable[Step], installs: Installs) -> list[tuple[Step, str]]:
    """The RUNs among these steps whose commands could not be read wholly, with why."""
    reasons = dict(installs.unread)
    found = []
    for step in steps:
        within = [why for line, why in reasons.items() if step.line <= line <= step.end_line]
        why = step.unread or (within[0] if within else "")
        if step.keyword == "RUN" and why:
            found.append((step, why))
    return found


def in_context(plan: BuildPlan, paths: Iterable[str]) -> list[str]:
    """Repository paths as COPY names them, each once."""
    folder = plan.target.context.removeprefix("./").strip("/")
    prefix = f"{folder}/" if folder not in ("", ".") else ""
    return [path.removeprefix(prefix) for path in dict.fromkeys(paths)]
