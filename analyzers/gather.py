"""Gatherers observe, once per audit, and yield one artifact each; checks meet them only through artifacts."""

from __future__ import annotations

import functools
import graphlib
import importlib
import types
import typing
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from analyzers import gatherers
from analyzers.artifacts.missing import Missing
from analyzers.lazy import logging
from analyzers.modules import modules_of
from analyzers.records import dataclass

T = TypeVar("T")


class Job(StrEnum):
    """A rung of the ladder; the folder under `gatherers/` that a gatherer stands in names its job."""

    LINT = "lint"
    BUILD = "build"
    MEASURE = "measure"


class Artifacts:
    """Artifacts by type; what was never gathered is Missing."""

    def __init__(self, known: Mapping[type, object] | None = None) -> None:
        self._known = dict(known or {})

    def get(self, kind: type[T]) -> T | Missing:
        found = self._known.get(kind)
        return Missing(f"{kind.__name__} was not gathered") if found is None else typing.cast("T | Missing", found)

    def with_artifact(self, kind: type, artifact: object) -> Artifacts:
        return Artifacts({**self._known, kind: artifact})

    def items(self) -> typing.ItemsView[type, object]:
        return self._known.items()


@dataclass(frozen=True)
class Gatherer:
    """`produces` is the return annotation; `needs` are the parameters, read like a check's."""

    produces: type
    needs: Mapping[str, tuple[type, bool]]
    run: Callable[..., Any]


def gatherer(run: Callable[..., Any]) -> Gatherer:
    """Declare a gatherer: annotate parameters with the artifacts it reads and the return with the one it yields.

    `-> X | Missing` may yield a Missing; a parameter typed `X | Missing` accepts one.
    """
    hints = typing.get_type_hints(run)
    produces, _ = _kind(hints.pop("return"))
    return Gatherer(produces, {name: _kind(hint) for name, hint in hints.items()}, run)


def gather(job: Job, known: Artifacts) -> Artifacts:
    """`known` and what this job adds, in dependency order; a gatherer that fails leaves a Missing."""
    producers = {g.produces: g for g in _gatherers(job)}
    order = graphlib.TopologicalSorter({g.produces: {k for k, _ in g.needs.values()} for g in producers.values()})
    artifacts = known
    for kind in order.static_order():
        if kind in producers:
            artifacts = artifacts.with_artifact(kind, _run(producers[kind], artifacts))
    return artifacts


def _run(gatherer: Gatherer, artifacts: Artifacts) -> object:
    arguments = {name: artifacts.get(kind) for name, (kind, _) in gatherer.needs.items()}
    for name, (_, optional) in gatherer.needs.items():
        missing = arguments[name]
        if isinstance(missing, Missing) and not optional:
            return missing
    try:
        return gatherer.run(**arguments)
    except Exception as error:
        logging.getLogger(__name__).exception("gathering %s failed", gatherer.produces.__name__)
        return Missing(f"reading {gatherer.produces.__name__} failed ({type(error).__name__}); please report it")


@functools.cache
def _gatherers(job: Job) -> tuple[Gatherer, ...]:
    package = importlib.import_module(f"{gatherers.__name__}.{job.value}")
    modules = [importlib.import_module(name) for name in modules_of(package)]
    return tuple(value for module in modules for value in vars(module).values() if isinstance(value, Gatherer))


def _kind(hint: object) -> tuple[type, bool]:
    alternatives = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    kinds = [kind for kind in alternatives if kind is not Missing]
    if len(kinds) != 1 or not isinstance(kinds[0], type):
        raise TypeError(f"{hint} is not one artifact type, or that `| Missing`")
    return kinds[0], Missing in alternatives
