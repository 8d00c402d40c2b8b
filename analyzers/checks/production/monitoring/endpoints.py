"""
A web application should offer a route that says whether it works, and one that says whether it can work right now.

## What it checks

The routes in the code. A health route is one whose path or handler is named health, healthz, live, ready, readiness,
ping, status, up or heartbeat, or whatever path a health check of the deployment calls. It passes where a route that is
reachable without credentials checks the dependencies (database, cache, other services), alone or beside a light one.
A light route alone, or one behind a login, is partial. No health route is a fail: an ordinary page is not one.

## Why it matters

"Is the process alive?" and "should it get traffic?" are two questions. A light route answers the first and may be asked
often. One that looks at the database answers the second, so that an instance that lost it is taken out instead of
serving errors.

## How to fix

Before:

```python
@app.get("/")
def index() -> dict[str, str]:
    return {"shop": "open"}
```

After:

```python
@app.get("/healthz")
def alive() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/readyz")
def ready(session: SessionDep) -> dict[str, str]:
    session.execute(text("SELECT 1"))
    return {"status": "ready"}
```

## Traps

- Do not let the *liveness* probe check the database: when it is down, every instance is restarted for nothing.
- A health route behind a login answers 401 to the probe.
- A check that takes seconds is worse than none: give it its own short time-out.
"""

from __future__ import annotations

from analyzers.artifacts.bases import Bases
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.code import Code, Route
from analyzers.artifacts.deployment import Deployment
from analyzers.artifacts.processes import Processes
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._places import block
from analyzers.checks._runs import only_serves_files, runs
from analyzers.checks._telemetry import absence
from analyzers.checks.production.monitoring._routes import called_paths, health_routes, is_health_name
from analyzers.results import EvidenceLevel, Finding, Result, not_applicable, unknown


@check(
    order=29,
    weight=2,
    strongest=EvidenceLevel.MEASURED,
    title="Health routes tell alive from ready",
    failure_title="Health routes are missing or too light",
)
def endpoints(processes: Processes, code: Code, plan: BuildPlan, bases: Bases, deployment: Deployment) -> Result:
    if processes.web is False or only_serves_files(processes):
        return not_applicable("It is not a web application.")
    called = called_paths(runs(processes, deployment, plan, bases), plan, bases)
    routes = health_routes(code, called)
    unread = _unread(processes, code)
    if not routes and unread:
        return unknown(unread, *called.values())
    return _decide(routes, called, code)


def _decide(routes: list[Route], called: dict[str, Finding], code: Code) -> Result:
    case = Case()
    open_routes = [route for route in routes if not route.protected]
    thorough = [route for route in open_routes if route.touches]
    for route in routes:
        case.note(_describe(route), route.where.path, route.where.line)
    if not routes:
        _judge_unrouted(case, called)
    elif not open_routes:
        case.lower(f"the health route `{routes[0].path}` needs a login", routes[0].where.path, routes[0].where.line)
    elif not thorough:
        first = open_routes[0]
        case.lower(f"`{first.path}` is light: no route checks a dependency", first.where.path, first.where.line)
    checked = f"`{thorough[0].path}` checks {', '.join(thorough[0].touches)}" if thorough else ""
    return case.decide(f"Without credentials, {checked}", fix=_fix(routes, code))


def _judge_unrouted(case: Case, called: dict[str, Finding]) -> None:
    """A health check that calls a path with a health name shows a route that the code's reading missed."""
    named = next((finding for path, finding in called.items() if is_health_name(path)), None)
    if named:
        case.lower(f"{named.message}; nothing shows that it checks a dependency", named.path, named.line)
    else:
        case.fail("no health route is seen among the routes of the application")


def _unread(processes: Processes, code: Code) -> str:
    if not code.present:
        return absence(code)
    if code.routes_unknown:
        return f"The routes could not be read: {code.routes_unknown}"
    if not code.python:
        return "The application is not Python, and routes of other languages are not read."
    if processes.web is None and not code.routes:
        return "Whether it is a web application could not be told."
    return ""


def _describe(route: Route) -> str:
    kind = f"checks {', '.join(route.touches)}" if route.touches else "is light"
    return f"`{route.path}` {kind}{' and needs a login' if route.protected else ''}"


def _fix(routes: list[Route], code: Code) -> str:
    near = routes[0].where.path if routes else code.routes[0].where.path if code.routes else "the application"
    if "django" in code.frameworks:
        body = "def ready(request):\n    connection.ensure_connection()\n    return JsonResponse({'status': 'ready'})"
    elif "flask" in code.frameworks:
        body = "@app.get('/readyz')\ndef ready():\n    db.session.execute(text('SELECT 1'))\n    return {'ready': True}"
    else:
        body = "@app.get('/readyz')\ndef ready(session: SessionDep):\n    session.execute(text('SELECT 1'))"
    return f"In `{near}`, add a route that checks what the service needs, without login:{block('python', body)}"
