"""The environment that a service runs with: base image, then the image's ENV, then the deployment, the last wins."""

from __future__ import annotations

from collections.abc import Mapping

from analyzers.artifacts.bases import Bases
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.deployment import Service, Where
from analyzers.records import dataclass

OFF = frozenset({"", "0", "false", "no", "off"})


def is_on(value: str | None) -> bool:
    """A switch is on when it is set and not empty, 0, false, no or off."""
    return value is not None and value.strip().lower() not in OFF


@dataclass(frozen=True, slots=True)
class Environment:
    """`values` by name; `places` tells which file and line set each one."""

    values: Mapping[str, str]
    places: Mapping[str, Where]

    def is_on(self, name: str) -> bool:
        return is_on(self.values.get(name))

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    def place(self, name: str) -> Where:
        return self.places[name]


def effective_environment(plan: BuildPlan, bases: Bases, service: Service | None) -> Environment:
    """What the service sees; `service` None is the bare image."""
    values: dict[str, str] = {}
    places: dict[str, Where] = {}
    for settings, lines, default in _layers(plan, bases, service):
        values.update(settings)
        places.update({name: Where(default.path, lines.get(name, default.line)) for name in settings})
    return Environment(values, places)


def _layers(
    plan: BuildPlan, bases: Bases, service: Service | None
) -> list[tuple[Mapping[str, str], Mapping[str, int], Where]]:
    base = Where(plan.target.dockerfile, plan.final_base.line)
    facts = bases.final.facts if bases.final else None
    layers = [
        (facts.env if facts else {}, {}, base),
        (plan.image.env, plan.image.env_lines, base),
    ]
    if service:
        layers.append((service.environment, {}, service.where))
    return layers
