"""Metadata that changes with every build: revisions, dates, build numbers."""

from __future__ import annotations

import re

from analyzers.artifacts.build_plan import Step

_WORDS = frozenset({"SHA", "COMMIT", "REVISION", "DATE", "CREATED", "TIMESTAMP"})
_VERSIONED = frozenset({"", "APP", "APPLICATION", "RELEASE", "PROJECT", "SERVICE", "IMAGE", "GIT", "BUILD", "SOFTWARE"})
# BUILD_* names that choose how to build and do not change from one build to the next.
_STEADY = frozenset({"ENV", "TYPE", "MODE", "DEPS", "DEPENDENCIES", "PACKAGES", "TARGET", "PLATFORM", "ARCH", "DIR"})
_OCI = "ORG.OPENCONTAINERS.IMAGE."


def volatile_names(step: Step) -> list[str]:
    """Names that an ARG, ENV or LABEL sets and that change with every build."""
    if step.keyword not in ("ARG", "ENV", "LABEL"):
        return []
    names = [word.partition("=")[0].strip("\"'") for word in step.instruction.words]
    return [name for name in names if is_volatile(name)]


def is_volatile(name: str) -> bool:
    """GIT_SHA, BUILD_DATE, APP_VERSION, org.opencontainers.image.revision; not PYTHON_VERSION or BUILD_ENV."""
    words = [word for word in re.split(r"[^A-Z0-9]+", name.upper().removeprefix(_OCI)) if word]
    if not words or words[-1] in _STEADY:
        return False
    if _WORDS & set(words) or (words[0] == "BUILD" and len(words) > 1):
        return True
    return words[-1] == "VERSION" and len(words) <= 2 and (words[0] in _VERSIONED or len(words) == 1)
