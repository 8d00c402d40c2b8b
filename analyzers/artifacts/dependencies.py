"""What the project's manifests and locks ask for."""

from __future__ import annotations

from analyzers.artifacts.deployment import Where
from analyzers.records import dataclass


@dataclass(frozen=True, slots=True)
class Requirement:
    """`name` is normalised (PEP 503). `group`: "" for run-time, else the dev group, extra or file it stands in.

    `runtime`: this target installs it. `vcs`: fetched by git. `local`: a path inside the repository.
    """

    name: str
    specifier: str
    where: Where
    group: str = ""
    runtime: bool = True
    vcs: bool = False
    local: str = ""
    ecosystem: str = "python"
    extras: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dependencies:
    """`manifests`: every manifest or lock read for this target; `unread`: (path, why) of those that could not be
    read."""

    requirements: tuple[Requirement, ...]
    manifests: tuple[str, ...]
    unread: tuple[tuple[str, str], ...] = ()

    def find(self, *names: str, runtime_only: bool = False) -> list[Requirement]:
        """Requirements by normalised name; "opentelemetry-*" matches a prefix."""
        return [r for r in self.requirements if (r.runtime or not runtime_only) and any(_matches(r, n) for n in names)]


def _matches(requirement: Requirement, name: str) -> bool:
    if name.endswith("*"):
        return requirement.name.startswith(name[:-1])
    return requirement.name == name
