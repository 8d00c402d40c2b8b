from __future__ import annotations

import datetime
from collections.abc import Mapping

from analyzers.records import dataclass, field


@dataclass(frozen=True, slots=True)
class Target:
    """One Dockerfile + stage + context + build args. Paths are relative to the source's root, "." is the root.

    `stage` is the requested or deployed stage's name (or index as text); None means the last stage.
    `reason` says how stage and context were chosen ("compose.yaml builds stage builder").
    `deployment_files`: the project's own choice of the files that run it, in order; () leaves the choice to the rules.
    """

    dockerfile: str
    context: str = "."
    stage: str | None = None
    build_args: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    development: bool = False
    deployment_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditDate:
    """The day the audit judges by; support dates are held against it."""

    today: datetime.date
