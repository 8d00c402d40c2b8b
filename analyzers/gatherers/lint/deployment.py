"""The deployment set that decides for this target, and what other sets would run."""

from __future__ import annotations

from analyzers.artifacts.bases import Bases
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.deployment import Deployment, Service
from analyzers.artifacts.missing import Missing
from analyzers.artifacts.target import Target
from analyzers.deploy import deciding
from analyzers.gather import gatherer
from analyzers.processes import development
from analyzers.source import Source


@gatherer
def find_deployment(source: Source, target: Target, plan: BuildPlan | Missing, bases: Bases | Missing) -> Deployment:
    def for_development(service: Service) -> bool:
        return development.replaces_production(source.tree, plan, bases, service)

    found = deciding.find(source, target, for_development)
    deciders = [candidate for candidate in found.candidates if not candidate.development]
    if not deciders:
        return _none(found)
    first, others = deciders[0], [c for c in found.candidates if c is not deciders[0]]
    return Deployment(
        files=first.files,
        reason=first.reason,
        services=first.services,
        companions=first.companions,
        incomplete=first.incomplete,
        other_services=_others(others, first.services),
        has_files=True,
    )


def _none(found: deciding.Found) -> Deployment:
    """No set but development ones runs the target: the image's own command decides."""
    reasons = [candidate.development for candidate in found.candidates]
    only = f"only development sets run this target: {reasons[0]}" if reasons else ""
    return Deployment(
        files=(),
        reason=only or "no deployment file runs this target",
        services=(),
        incomplete="" if found.candidates else found.unread,
        other_services=_others(list(found.candidates), ()),
        has_files=found.has_files,
    )


def _others(candidates: list[deciding.Candidate], deciding_services: tuple[Service, ...]) -> tuple[Service, ...]:
    """What differs from the deciding set, each entry once."""
    services = [service for candidate in candidates for service in candidate.services]
    unlike = [s for s in services if all((s.where, s.command) != (d.where, d.command) for d in deciding_services)]
    return tuple({(s.where, s.command): s for s in unlike}.values())
