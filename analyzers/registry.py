"""The folder is the registry: every module under `analyzers/checks/` is one checklist item."""

from __future__ import annotations

import functools
import importlib

from analyzers import checks
from analyzers.check import Check, CheckError
from analyzers.modules import modules_of


@functools.cache
def all_checks() -> tuple[Check[...], ...]:
    """Every check in the guide's order. Raises CheckError naming the module of a malformed one."""
    names = modules_of(checks)
    found = [_load(name) for name in names if not name.rsplit(".", 1)[1].startswith("_")]
    found.sort(key=lambda check: check.order)
    orders = [check.order for check in found]
    if len(set(orders)) != len(orders):
        raise CheckError(f"two checks share an order: {sorted(o for o in set(orders) if orders.count(o) > 1)}")
    return tuple(found)


def get_check(identifier: str) -> Check[...] | None:
    return next((check for check in all_checks() if check.id == identifier), None)


@functools.cache
def package_title(identifier: str) -> str:
    """The title of a section or group: the first line of its package's docstring."""
    package = importlib.import_module(f"analyzers.checks.{identifier}")
    title = (package.__doc__ or "").strip().split("\n")[0].rstrip(".")
    if not title:
        raise CheckError(f"{package.__name__}: the package's docstring starts with its title")
    return title


def _load(name: str) -> Check[...]:
    module = importlib.import_module(name)
    found = [value for value in vars(module).values() if isinstance(value, Check)]
    if len(found) != 1:
        raise CheckError(f"{name}: expected exactly one @check, found {len(found)}")
    package_title(found[0].group)
    return found[0]
