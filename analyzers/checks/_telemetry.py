"""What tells that a service is observed: libraries, agents and collectors by name."""

from __future__ import annotations

from analyzers.artifacts.code import Call, Code
from analyzers.artifacts.dependencies import Dependencies, Requirement
from analyzers.artifacts.deployment import Companion, Deployment, Where
from analyzers.artifacts.processes import Processes
from analyzers.results import Finding

METRICS_LIBRARIES = (
    "prometheus-client",
    "prometheus-fastapi-instrumentator",
    "prometheus-flask-exporter",
    "prometheus-async",
    "starlette-prometheus",
    "starlette-exporter",
    "django-prometheus",
    "flask-prometheus-metrics",
    "sanic-prometheus",
    "aioprometheus",
    "opentelemetry-*",
    "statsd",
    "django-statsd",
    "aiodogstatsd",
    "datadog",
    "prom-client",
    "@opentelemetry/*",
    "hot-shots",
)
APM_LIBRARIES = ("newrelic", "elastic-apm", "ddtrace", "scout-apm", "appsignal", "instana", "dd-trace")
APM_WRAPPERS = ("ddtrace-run", "newrelic-admin", "elasticapm-run")
APM_ENDPOINTS = ("SENTRY_DSN", "NEW_RELIC_LICENSE_KEY", "ELASTIC_APM_SERVER_URL", "DD_TRACE_AGENT_URL", "DD_AGENT_HOST")
RESOURCE_AGENTS = (
    "cadvisor",
    "node-exporter",
    "node_exporter",
    "datadog/agent",
    "newrelic/infrastructure",
    "telegraf",
    "netdata",
    "metricbeat",
    "glances",
)
COLLECTORS = (
    "prom/prometheus",
    "prometheus/prometheus",
    "opentelemetry-collector",
    "otel/",
    "victoriametrics/",
    "grafana/agent",
    "grafana/alloy",
    "grafana/mimir",
    "datadog/agent",
    "telegraf",
    "statsd",
)


def metrics_libraries(dependencies: Dependencies) -> list[Requirement]:
    return dependencies.find(*METRICS_LIBRARIES, runtime_only=True)


def metrics_calls(code: Code) -> list[Call]:
    return [call for call in code.calls_about("metrics", "metrics_endpoint") if call.reachable]


def apm_signs(code: Code, dependencies: Dependencies, processes: Processes) -> list[Finding]:
    """An APM agent that is started, wrapped around the command or installed; Sentry counts only with tracing."""
    found = [at(call.where, f"{call.detail or 'an APM agent'} is started here") for call in code.calls_about("apm")]
    found += [at(where, f"the command runs under `{name}`") for name, where in wrappers(processes, APM_WRAPPERS)]
    agents = dependencies.find(*APM_LIBRARIES, runtime_only=True)
    return found + [at(agent.where, f"the APM agent `{agent.name}` is a dependency") for agent in agents]


def wrappers(processes: Processes, names: tuple[str, ...]) -> list[tuple[str, Where]]:
    """Programs of these names that wrap a service's command."""
    steps = [step for process in processes.all for step in process.via]
    return [(name, where) for description, where in steps for name in names if name in description]


def companions_like(deployment: Deployment, images: tuple[str, ...]) -> list[Companion]:
    """Other services of the deciding set whose image's name holds one of these."""
    found = () if deployment.development else deployment.companions
    return [companion for companion in found if any(part in companion.image.lower() for part in images)]


def unread_note(code: Code) -> list[Finding]:
    """Python files that nobody could parse, so that a "none found" tells of its gap."""
    return [
        Finding(f"this file could not be read ({why}), so what it does is not counted", path)
        for path, why in code.unread
    ]


def absence(code: Code) -> str:
    """Why nothing can be said of the application's code."""
    reason = code.absent_reason or "source not in this repository"
    return reason[:1].upper() + reason[1:]


def at(where: Where, message: str) -> Finding:
    return Finding(message, where.path, where.line)
