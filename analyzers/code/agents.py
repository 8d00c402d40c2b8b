"""Agents of application performance monitoring that the code starts, Sentry with tracing among them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from analyzers.artifacts.code import Call
from analyzers.code.environ import reads
from analyzers.code.module import Module, constants, is_true, keyword

STARTERS: dict[str, str] = {
    "newrelic.agent.initialize": "New Relic",
    "elasticapm.contrib.": "Elastic APM",
    "elasticapm.Client": "Elastic APM",
    "elasticapm.instrument": "Elastic APM",
    "ddtrace.patch_all": "Datadog",
    "ddtrace.patch": "Datadog",
    "ddtrace.tracer": "Datadog",
    "scout_apm.": "Scout",
    "appsignal.": "AppSignal",
    "opencensus.": "OpenCensus",
    "azure.monitor.opentelemetry.configure_azure_monitor": "Azure Monitor",
    "logfire.configure": "Logfire",
}
IMPORTED: dict[str, str] = {"ddtrace.auto": "Datadog"}
APPS: dict[str, str] = {
    "elasticapm.contrib.django": "Elastic APM",
    "scout_apm.django": "Scout",
    "ddtrace.contrib.django": "Datadog",
}
TRACING = ("traces_sample_rate", "traces_sampler", "enable_tracing")
PROFILES = ("profiles_sample_rate", "profile_session_sample_rate", "profiles_sampler")


def read(module: Module) -> Iterator[Call]:
    for call in module.calls:
        callee = module.resolve(call.func)
        label = next((label for prefix, label in STARTERS.items() if callee.startswith(prefix)), None)
        if label is not None:
            yield Call("apm", label, module.where(call))
        elif callee == "sentry_sdk.init" or callee.endswith(".sentry_sdk.init"):
            yield from _sentry(module, call)
    for name, label in IMPORTED.items():
        if name in module.imported:
            yield Call("apm", label, module.where(module.tree.body[0]))
    yield from _apps(module)


def _apps(module: Module) -> Iterator[Call]:
    for node in module.assignments:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and target.id == "INSTALLED_APPS" for target in targets) and node.value:
            for text in constants(node.value):
                if text in APPS:
                    yield Call("apm", APPS[text], module.where(node))


def _sentry(module: Module, call: ast.Call) -> Iterator[Call]:
    tracing = next((name for name in TRACING if is_rate(module, keyword(call, name))), None)
    if tracing:
        yield Call("apm", f"Sentry ({tracing})", module.where(call))
    profiles = next((name for name in PROFILES if is_rate(module, keyword(call, name))), None)
    experiments = keyword(call, "_experiments")
    if profiles is None and isinstance(experiments, ast.Dict):
        for key, value in zip(experiments.keys, experiments.values, strict=True):
            if isinstance(key, ast.Constant) and key.value in PROFILES and is_rate(module, value):
                profiles = str(key.value)
    if profiles:
        yield Call("profiler", f"Sentry ({profiles})", module.where(call))


def is_rate(module: Module, node: ast.expr | None) -> bool:
    """A rate that is given and not evidently zero, None or False."""
    if node is None:
        return False
    if isinstance(node, ast.Name) and module.variable(node.id) is not None:
        node = module.variable(node.id)
    if isinstance(node, ast.Constant):
        return is_true(node) or (isinstance(node.value, int | float) and node.value > 0)
    return not _zero_by_default(module, node)


def _zero_by_default(module: Module, node: ast.expr | None) -> bool:
    """`float(os.environ.get("RATE", 0))`: off unless somebody asks."""
    while isinstance(node, ast.Call) and reads(module, node) is None and node.args:
        node = node.args[0]
    found = reads(module, node)
    default = found[1] if found is not None else None
    return isinstance(default, ast.Constant) and str(default.value) in ("0", "0.0", "None", "")
