"""The deployment set: the files that run this target, and the services they run it as."""

from __future__ import annotations

from collections.abc import Mapping

from analyzers.records import dataclass, field


@dataclass(frozen=True, slots=True)
class Where:
    path: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class HealthProbe:
    """`test` as argv ("CMD-SHELL" kept as first word where given), or ("HTTP", path, port) / ("TCP", port) for
    Kubernetes probes.

    `disabled`: `disable: true` or NONE. Seconds are None where not given, -1 where not a readable duration.
    """

    where: Where
    test: tuple[str, ...]
    disabled: bool = False
    interval_seconds: float | None = None
    timeout_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the deployment set that runs this target.

    `command`/`entrypoint`: None where the file leaves the image's own; `entrypoint == ()` clears it. Both are argv
    tuples
    (compose strings are split into words, Kubernetes `command` is `entrypoint` and `args` is `command`).
    `environment` has values resolved (interpolation defaults, env_file or its sample); `environment_unknown` says
    why some
    may be missing. `environment_samples`: sample files read in place of absent env files.
    `memory_limit`/`cpu_limit`: as written or None. `init`, `stop_signal` as set. `ports`: container ports.
    `profiles`: compose profiles that gate it. `scrape`: metrics scrape annotations or labels seen.
    `kind`: "compose", "kubernetes", "job" (a Kubernetes Job or CronJob) or "helm". `mounts`: path in the container →
    repository path, for the repository's own files that are mounted over the image. `command_unknown` says why
    something that cannot be read may set its command, "" where nothing can. A value that nothing supplies keeps its
    `${NAME}`.
    """

    name: str
    where: Where
    kind: str
    entrypoint: tuple[str, ...] | None = None
    command: tuple[str, ...] | None = None
    command_where: Where | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    environment_unknown: str = ""
    environment_samples: tuple[str, ...] = ()
    memory_limit: str | None = None
    cpu_limit: str | None = None
    health: HealthProbe | None = None
    init: bool = False
    stop_signal: str = ""
    user: str = ""
    ports: tuple[int, ...] = ()
    profiles: tuple[str, ...] = ()
    scrape: bool = False
    image: str = ""
    working_dir: str = ""
    mounts: Mapping[str, str] = field(default_factory=dict)
    command_unknown: str = ""


@dataclass(frozen=True, slots=True)
class Companion:
    """Another service of the set, or a job: only its name, image and command matter (Prometheus, cAdvisor, an
    agent)."""

    name: str
    image: str
    where: Where
    command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deployment:
    """`files`: the set that decides, () where nothing in the repository runs this target. `reason` says why this one.

    `development`: the set is a development one (then it never lowers a verdict). `incomplete` says why parts are
    unknown (a base file that is missing, an unreadable file), else "". `other_services`: the target's services in
    sets that do not decide, for findings. `has_files`: any compose or Kubernetes file exists in the repository.
    """

    files: tuple[str, ...]
    reason: str
    services: tuple[Service, ...]
    companions: tuple[Companion, ...] = ()
    development: bool = False
    incomplete: str = ""
    other_services: tuple[Service, ...] = ()
    has_files: bool = False
