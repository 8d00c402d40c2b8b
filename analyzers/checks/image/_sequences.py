"""RUN instructions that stand next to each other in the final image."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzers.artifacts.build_plan import Step
from analyzers.artifacts.installs import InstallKind, Installs
from analyzers.checks._dockerfile import installs_in

# Between two RUNs these change nothing that the second one sees and that the first must not see.
_TRANSPARENT = frozenset({"ENV", "LABEL", "EXPOSE", "CMD", "ENTRYPOINT", "HEALTHCHECK", "STOPSIGNAL", "MAINTAINER"})
_CACHED_ALONE = frozenset({InstallKind.SYSTEM, InstallKind.DEPENDENCY, InstallKind.OFFLINE, InstallKind.PROJECT})
_ECOSYSTEMS = {"uv": "pip", "apt-get": "apt", "microdnf": "dnf", "yum": "dnf"}


def rows(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """Runs of adjacent RUN steps within one stage, single ones included."""
    row: list[Step] = []
    stage = -1
    for step in steps:
        if step.stage != stage or (step.keyword != "RUN" and step.keyword not in _TRANSPARENT):
            yield from [row] if row else []
            row, stage = [], step.stage
        if step.keyword == "RUN":
            row.append(step)
    yield from [row] if row else []


def sequences(steps: Iterable[Step], installs: Installs) -> list[list[Step]]:
    """Rows of two or more RUNs, cut at every boundary that is justified as a cache of its own."""
    found: list[list[Step]] = []
    for row in rows(steps):
        current: list[Step] = []
        for step in row:
            if current and (_stands_alone(current[-1], installs) or _stands_alone(step, installs)):
                found.append(current)
                current = []
            current.append(step)
        found.append(current)
    return [sequence for sequence in found if len(sequence) > 1]


def _stands_alone(step: Step, installs: Installs) -> bool:
    return bool(step.mounts) or any(install.kind in _CACHED_ALONE for install in installs_in(installs, step))


def repeated_installs(steps: Iterable[Step], installs: Installs, least: int = 3) -> list[list[Step]]:
    """Stretches of `least` or more adjacent RUNs that install with one manager and for one purpose."""
    found: list[list[Step]] = []
    for row in rows(steps):
        current: list[Step] = []
        shared: set[tuple[str, InstallKind]] = set()
        for step in row:
            kinds = _kinds(step, installs)
            if not (shared & kinds):
                found.append(current)
                current, shared = [], kinds
            shared &= kinds
            current.append(step)
        found.append(current)
    return [stretch for stretch in found if len(stretch) >= least and _kinds(stretch[0], installs)]


def _kinds(step: Step, installs: Installs) -> set[tuple[str, InstallKind]]:
    return {
        (_ECOSYSTEMS.get(install.manager, install.manager), install.kind)
        for install in installs_in(installs, step)
        if install.kind is not InstallKind.REFRESH
    }


def lone_updates(steps: Iterable[Step], installs: Installs) -> list[Step]:
    """RUNs that refresh apt's lists and call no other apt command that would use them."""
    return [step for step in steps if step.keyword == "RUN" and not step.unread and _refreshes_only(step, installs)]


def _refreshes_only(step: Step, installs: Installs) -> bool:
    refreshed = any(i.kind is InstallKind.REFRESH and i.manager == "apt" for i in installs_in(installs, step))
    used = any(c.name in ("apt", "apt-get", "aptitude") and "update" not in c.argv for c in step.all_commands())
    installed = any(i.kind is not InstallKind.REFRESH and i.manager == "apt" for i in installs_in(installs, step))
    return refreshed and not installed and not used
