"""The @check decorator: one checklist item as metadata, documentation and one pure function.

The id is the file's place under `analyzers/checks/`, the documentation is the module's docstring, and
the artifacts it needs are the types of its parameters. A parameter typed `X | Missing` is optional.
"""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Callable, Mapping
from typing import Generic, ParamSpec

from analyzers.artifacts.missing import Missing
from analyzers.records import dataclass
from analyzers.results import EvidenceLevel, Result

P = ParamSpec("P")
PACKAGE = "analyzers.checks."


class CheckError(Exception):
    """A check is malformed; the message names its module."""


@dataclass(frozen=True)
class Need:
    artifact: type
    optional: bool


@dataclass(frozen=True)
class Check(Generic[P]):
    """`title` is worded for a pass, `failure_title` for everything that is not one."""

    id: str
    title: str
    failure_title: str
    weight: int
    order: int
    strongest: EvidenceLevel
    doc: str
    needs: Mapping[str, Need]
    evaluate: Callable[P, Result]

    @property
    def section(self) -> str:
        return self.id.split(".")[0]

    @property
    def group(self) -> str:
        return self.id.rsplit(".", 1)[0]

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Result:
        return self.evaluate(*args, **kwargs)


def check(
    *, order: int, weight: int, strongest: EvidenceLevel, title: str, failure_title: str
) -> Callable[[Callable[P, Result]], Check[P]]:
    """`order` is the item's number in the guide's checklist (1-30); `weight` is 1 to 3; `strongest` is the best
    machine evidence that the specification knows for this item, whether or not this audit could get it.
    """

    def decorate(evaluate: Callable[P, Result]) -> Check[P]:
        module = sys.modules[evaluate.__module__]
        if weight not in (1, 2, 3):
            raise CheckError(f"{evaluate.__module__}: weight {weight} is not 1, 2 or 3")
        identifier = evaluate.__module__.removeprefix(PACKAGE)
        documentation = (module.__doc__ or "").strip()
        return Check(
            identifier, title, failure_title, weight, order, strongest, documentation, _needs(evaluate), evaluate
        )

    return decorate


def _needs(evaluate: Callable[..., Result]) -> dict[str, Need]:
    hints = typing.get_type_hints(evaluate)
    if hints.pop("return", None) is not Result:
        raise CheckError(f"{evaluate.__module__}: a check returns Result")
    return {name: _need(evaluate, hint) for name, hint in hints.items()}


def _need(evaluate: Callable[..., Result], hint: object) -> Need:
    alternatives = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    kinds = [kind for kind in alternatives if kind is not Missing]
    if len(kinds) != 1 or not isinstance(kinds[0], type):
        raise CheckError(f"{evaluate.__module__}: a parameter is one artifact type, or that `| Missing`; not {hint}")
    return Need(kinds[0], Missing in alternatives)
