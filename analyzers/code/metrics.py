"""Metrics libraries used in code, and where their figures are served."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from analyzers.artifacts.code import Call
from analyzers.code.module import Module, constants, keyword

# Dotted names by prefix: a call of anything below is use of the library.
LIBRARIES: dict[str, str] = {
    "prometheus_client.": "prometheus_client",
    "aioprometheus.": "aioprometheus",
    "prometheus_fastapi_instrumentator.": "prometheus-fastapi-instrumentator",
    "starlette_exporter.": "starlette-exporter",
    "starlette_prometheus.": "starlette-prometheus",
    "prometheus_flask_exporter.": "prometheus-flask-exporter",
    "django_prometheus.": "django-prometheus",
    "flask_prometheus_metrics.": "flask-prometheus-metrics",
    "prometheus_async.": "prometheus-async",
    "sanic_prometheus.": "sanic-prometheus",
    "celery_prometheus.": "celery-prometheus",
    "litestar.plugins.prometheus.": "litestar prometheus",
    "litestar.contrib.prometheus.": "litestar prometheus",
    "opentelemetry.instrumentation.": "OpenTelemetry instrumentation",
    "opentelemetry.metrics.": "OpenTelemetry metrics",
    "opentelemetry.sdk.metrics.": "OpenTelemetry metrics",
    "opentelemetry.exporter.": "OpenTelemetry exporter",
    "opentelemetry.sdk.trace.": "OpenTelemetry traces",
    "statsd.": "statsd",
    "datadog.": "datadog",
    "django_statsd.": "django-statsd",
    "markus.": "markus",
    "azure.monitor.opentelemetry.": "Azure Monitor OpenTelemetry",
    "logfire.": "logfire",
}
TEXTS = {"django_prometheus": "django-prometheus", "django_statsd": "django-statsd"}
# These serve prometheus_client's registry over HTTP.
ENDPOINTS = (
    "prometheus_client.start_http_server",
    "prometheus_client.start_wsgi_server",
    "prometheus_client.make_asgi_app",
    "prometheus_client.make_wsgi_app",
    "prometheus_client.generate_latest",
    "prometheus_client.exposition.generate_latest",
    "prometheus_client.exposition.start_http_server",
    "prometheus_client.asgi.make_asgi_app",
    "starlette_exporter.handle_metrics",
    "starlette_prometheus.metrics",
    "prometheus_flask_exporter.PrometheusMetrics",
    "prometheus_flask_exporter.multiprocess",
    "aioprometheus.asgi",
    "prometheus_async.aio.web",
)
DJANGO_URLS = "django_prometheus.urls"
DJANGO_VIEW = "django_prometheus.exports.ExportToDjangoView"
OWN_REGISTRY = ("CollectorRegistry", "MultiProcessCollector")


def read(module: Module) -> Iterator[Call]:
    known = _imported(module)
    for call in module.calls if known else ():
        callee = module.resolve(call.func)
        library = next((label for prefix, label in known.items() if callee.startswith(prefix)), None)
        if library is not None:
            yield Call("metrics", library, module.where(call))
            yield from _served(module, call, callee)
    yield from _settings(module)
    yield from _referenced(module)


def _imported(module: Module) -> dict[str, str]:
    """Of the libraries those that the file imports something of."""
    tops = {name.split(".")[0] for name in module.imported}
    return {prefix: label for prefix, label in LIBRARIES.items() if prefix.split(".")[0] in tops}


def _served(module: Module, call: ast.Call, callee: str) -> Iterator[Call]:
    if callee.startswith(ENDPOINTS) or callee.endswith(
        ("Instrumentator().expose", "Instrumentator().instrument().expose")
    ):
        yield Call("metrics_endpoint", callee.replace("()", ""), module.where(call))
        yield from _process_collector(module, call)


def _process_collector(module: Module, call: ast.Call) -> Iterator[Call]:
    """The default registry holds the process collector; an own or multi-process one does not."""
    registry = keyword(call, "registry") or next(iter(call.args[:1]), None)
    named = module.resolve(registry) if registry is not None else ""
    if not any(word in named for word in OWN_REGISTRY) and not (named and "multiprocess" in module.imported):
        yield Call("process_metrics", "prometheus process collector", module.where(call))


def _settings(module: Module) -> Iterator[Call]:
    """Django's INSTALLED_APPS and MIDDLEWARE, and an included URL module."""
    for node in module.assignments:
        for name in _names_of(node):
            if name in ("INSTALLED_APPS", "MIDDLEWARE", "THIRD_PARTY_APPS", "DJANGO_APPS") and node.value is not None:
                for text in constants(node.value):
                    label = TEXTS.get(text.split(".")[0])
                    if label:
                        yield Call("metrics", label, module.where(node))


def _names_of(node: ast.Assign | ast.AnnAssign) -> Iterator[str]:
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        if isinstance(target, ast.Name):
            yield target.id


def _referenced(module: Module) -> Iterator[Call]:
    """`include("django_prometheus.urls")`, `add_route("/metrics", handle_metrics)`, `add_middleware(…)`."""
    known = _imported(module)
    for call in module.calls:
        for argument in (*call.args[:6], *(item.value for item in call.keywords[:10])):
            if isinstance(argument, ast.Constant):
                if argument.value == DJANGO_URLS:
                    yield from _endpoint(module, call, DJANGO_URLS)
            elif known and not isinstance(argument, ast.Call):
                yield from _named(module, call, module.resolve(argument), known)


def _named(module: Module, call: ast.Call, name: str, known: dict[str, str]) -> Iterator[Call]:
    if name in ENDPOINTS or name == DJANGO_VIEW:
        yield from _endpoint(module, call, name)
    label = next((label for prefix, label in known.items() if name.startswith(prefix)), None)
    if label is not None:
        yield Call("metrics", label, module.where(call))


def _endpoint(module: Module, call: ast.Call, name: str) -> Iterator[Call]:
    yield Call("metrics_endpoint", name, module.where(call))
    yield Call("process_metrics", "prometheus process collector", module.where(call))


def process_metrics(module: Module) -> Iterator[Call]:
    """psutil and explicit collectors, by call."""
    for call in module.calls:
        callee = module.resolve(call.func)
        if callee.startswith("psutil.") and not callee.startswith("psutil.NoSuch"):
            yield Call("process_metrics", "psutil", module.where(call))
        elif callee.rpartition(".")[2] == "ProcessCollector":
            yield Call("process_metrics", "prometheus process collector", module.where(call))
        elif "SystemMetricsInstrumentor" in callee:
            yield Call("process_metrics", "OpenTelemetry system metrics", module.where(call))
