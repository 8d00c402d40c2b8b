"""Finished reports as the analyzers write them, made up for tests of what is done with a report."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
DOCKERFILE = """FROM python:3.12
ENV FLASK_APP=shop
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
EXPOSE 8000
CMD python shop.py"""

# id, the guide's words, weight, verdict
ITEMS: tuple[tuple[str, str, int, str], ...] = (
    ("image.base.appropriate", "Use appropriate base image (slim/alpine)", 3, "fail"),
    ("image.base.pinned", "Pin specific versions", 2, "partial"),
    ("image.base.updates", "Regular base image updates", 1, "fail"),
    ("image.layers.count", "Minimize layer count", 1, "pass"),
    ("image.layers.order", "Optimize layer order for caching", 2, "fail"),
    ("image.layers.files", "Remove unnecessary files", 2, "fail"),
    ("image.size.dockerignore", "Use .dockerignore", 2, "fail"),
    ("image.size.builddeps", "Remove build dependencies", 2, "pass"),
    ("image.size.multistage", "Use multi-stage builds", 2, "partial"),
    ("build.cache.dependencies", "Optimize dependency caching", 3, "fail"),
    ("build.cache.buildkit", "Use BuildKit features", 1, "fail"),
    ("build.cache.mounts", "Implement cache mounts", 2, "fail"),
    ("build.speed.parallel", "Parallel builds when possible", 1, "not_applicable"),
    ("build.speed.context", "Minimize context size", 2, "pass"),
    ("build.speed.args", "Use build arguments effectively", 1, "partial"),
    ("runtime.python.flags", "Set optimization flags", 2, "fail"),
    ("runtime.python.memory", "Configure memory management", 1, "not_applicable"),
    ("runtime.python.server", "Use appropriate WSGI server", 3, "fail"),
    ("runtime.resources.limits", "Set resource limits", 2, "review"),
    ("runtime.resources.processes", "Configure process management", 2, "fail"),
    ("runtime.resources.health", "Implement health checks", 2, "fail"),
    ("runtime.monitoring.app_metrics", "Application metrics", 1, "fail"),
    ("runtime.monitoring.resources", "Resource monitoring", 1, "fail"),
    ("runtime.monitoring.profiling", "Performance profiling", 1, "fail"),
    ("production.performance.load", "Load testing completed", 2, "review"),
    ("production.performance.memory", "Memory profiling done", 1, "review"),
    ("production.performance.limits", "Resource limits tested", 1, "unknown"),
    ("production.monitoring.collection", "Metrics collection", 1, "fail"),
    ("production.monitoring.endpoints", "Health check endpoints", 2, "pass"),
    ("production.monitoring.logging", "Logging configuration", 1, "partial"),
)
SCORES = {"pass": 1.0, "partial": 0.5, "fail": 0.0}


def report(*, errors: tuple[Json, ...] = (), **verdicts: str) -> Json:
    """`verdicts` by check id with its dots as double underscores: report(image__base__pinned="pass")."""
    changed = {name.replace("__", "."): verdict for name, verdict in verdicts.items()}
    items = [_item(name, title, weight, changed.get(name, verdict)) for name, title, weight, verdict in ITEMS]
    for item in items:
        item["worth"] = (
            round(100 * item["weight"] * (1 - (item["score"] or 0)) / _decided(items), 1) if _is_decided(item) else 0
        )
    sections = dict.fromkeys(item["section"] for item in items)
    parts = {name: _score([item for item in items if item["section"] == name]) for name in sections}
    return {
        "schema": 1,
        "scoring_model": 1,
        "audited_on": "2026-11-23",
        "source": {"kind": "upload", "location": "shop.zip", "revision": "", "ref": "", "subfolder": "", "files": 42},
        "target": target(),
        "targets": [target()],
        "score": {**_score(items), "confidence": 0.0, "sections": parts},
        "items": items,
        "benchmarks": [],
        "errors": list(errors),
    }


def target(**changes: Any) -> Json:
    found = {"dockerfile": "Dockerfile", "context": ".", "stage": None, "build_args": {}, "development": False}
    return {**found, "reason": "compose.yaml builds it", **changes}


def finding(message: str = "the sources are copied before the install", **changes: Any) -> Json:
    excerpt = {"start": 2, "text": "\n".join(DOCKERFILE.split("\n")[1:6])}
    return {"message": message, "path": "Dockerfile", "line": 4, "end_line": 5, "excerpt": excerpt, **changes}


def _item(name: str, title: str, weight: int, verdict: str) -> Json:
    open_item = verdict in ("fail", "partial")
    return {
        "id": name,
        "section": name.split(".")[0],
        "group": name.rsplit(".", 1)[0],
        "title": title,
        "verdict": verdict,
        "score": SCORES.get(verdict),
        "weight": weight,
        "evidence": "static",
        "summary": f"what was seen about {name}",
        "findings": [finding()] if open_item else [],
        "fix": {"text": "Copy `requirements.txt` first." if open_item else "", "diff": ""},
        "worth": 0.0,
    }


def _worth(item: Json, items: list[Json]) -> float:
    lost = item["weight"] * (1 - item["score"]) if _is_decided(item) else 0
    return round(100 * lost / _decided(items), 1)


def _is_decided(item: Json) -> bool:
    return item["score"] is not None


def _decided(items: list[Json]) -> int:
    return sum(item["weight"] for item in items if _is_decided(item)) or 1


def _score(items: list[Json]) -> Json:
    applicable = sum(item["weight"] for item in items if item["verdict"] != "not_applicable") or 1
    earned = sum(item["weight"] * item["score"] for item in items if _is_decided(item))
    return {"value": round(100 * earned / _decided(items), 1), "coverage": round(_decided(items) / applicable, 3)}
