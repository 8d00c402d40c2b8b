"""Which routes are health routes: by the name of path or handler, or because a health check calls them."""

from __future__ import annotations

import re

from analyzers.artifacts.bases import Bases
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.code import Code, Route
from analyzers.checks._health import health_of
from analyzers.checks._runs import Run
from analyzers.results import Finding

WHOLE = frozenset({"live", "ready", "status", "up", "alive"})
PARTS = frozenset(
    {
        "health",
        "healthz",
        "healthcheck",
        "livez",
        "liveness",
        "readyz",
        "readiness",
        "ping",
        "heartbeat",
        "lbheartbeat",
    }
)


def health_routes(code: Code, called: dict[str, Finding]) -> list[Route]:
    paths = {_plain(path) for path in called}
    return [route for route in code.routes if _is_health(route) or _plain(route.path) in paths]


def called_paths(found: list[Run], plan: BuildPlan, bases: Bases) -> dict[str, Finding]:
    """The paths that health checks of the image and the deployment call, with their places."""
    paths = {}
    for run in found:
        check = health_of(run, plan, bases)
        if check and check.path and not check.disabled:
            message = f"a health check calls `{check.path}`"
            paths[check.path] = Finding(message, check.where.path, check.where.line)
    return paths


def is_health_name(name: str) -> bool:
    """Whether the last part of a path, or a handler's name, is one of the usual ones."""
    last = _plain(name).rsplit("/", 1)[-1].strip("_").lower()
    parts = re.split(r"[-_.]", last)
    return last in WHOLE or "".join(parts) in PARTS or any(part in PARTS for part in parts)


def _is_health(route: Route) -> bool:
    parametrised = any(mark in route.path for mark in "{<:")
    return not parametrised and not route.metrics and (is_health_name(route.path) or is_health_name(route.handler))


def _plain(path: str) -> str:
    return "/" + path.strip("/^$")
