"""The one error boundary: whatever goes wrong in a check becomes an `unknown` result."""

from __future__ import annotations

from analyzers.artifacts.missing import Missing
from analyzers.check import Check
from analyzers.gather import Artifacts
from analyzers.lazy import logging
from analyzers.results import Result, unknown


def evaluate(check: Check[...], artifacts: Artifacts) -> Result:
    """The check's result; never raises."""
    try:
        arguments = {name: artifacts.get(need.artifact) for name, need in check.needs.items()}
        for name, need in check.needs.items():
            if isinstance(arguments[name], Missing) and not need.optional:
                return unknown(arguments[name].reason)
        return check.evaluate(**arguments)
    except Exception as error:
        logging.getLogger(__name__).exception("check %s crashed", check.id)
        return unknown(f"this check failed on this project ({type(error).__name__}); please report it")
