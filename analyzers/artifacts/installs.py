"""Package manager runs found in the stages that the target reaches."""

from __future__ import annotations

from enum import StrEnum

from analyzers.records import dataclass


class InstallKind(StrEnum):
    SYSTEM = "system"  # apt, apk, yum, dnf …
    DEPENDENCY = "dependency"  # reads a project manifest or lock
    TOOL = "tool"  # named packages
    UPGRADE = "upgrade"  # only pip/setuptools/wheel themselves
    OFFLINE = "offline"  # --no-index, wheels or archives from another stage
    PROJECT = "project"  # the project itself after its dependencies
    REFRESH = "refresh"  # apt-get update and the like, nothing installed


@dataclass(frozen=True, slots=True)
class Install:
    """One package manager command. `stage`/`position` find its Step; lines are the command's own.

    manager: apt apk yum dnf microdnf zypper pip uv poetry pipenv pdm conda npm yarn pnpm bun go cargo bundler
    composer gem.
    packages: named packages without version pins; manifests: the files it reads as repository paths where they are in
    the tree, else as written. `script` is the context path of the followed script it stands in, "" in the
    Dockerfile itself.
    dev_groups: dev/test groups or files that it installs. `caches`: where this manager keeps its download cache
    for this
    user and configuration. `cache_off`: what switches the cache off ("--no-cache-dir", "PIP_NO_CACHE_DIR"), else "".
    `cache_mounted`: a cache mount covers (one of) `caches`; `cache_mount_wrong`: a cache mount for this manager
    that misses it.
    `sharing_locked`: every apt cache mount has sharing=locked. `docker_clean`: the base's hook that empties apt's
    cache is in force.
    `cleaned`: its lists or caches are removed in the same RUN. `recommends`: apt installs recommended packages too.
    `removed`: of `packages`, those removed again in the same RUN. `reaches_final`: what it installs is in the
    final image,
    because its stage is in the final chain or a COPY --from brings its prefix (`brought_line`).
    `conditional`: may not run, by a test that could not be evaluated.
    `mounted`: those of `caches` that a cache mount covers (of apt: "/var/cache/apt", "/var/lib/apt/lists").
    `prefixes`: absolute folders that it may write to, the likeliest first.
    """

    stage: int
    position: int
    line: int
    end_line: int
    manager: str
    kind: InstallKind
    command: str
    downloads: bool
    packages: tuple[str, ...] = ()
    manifests: tuple[str, ...] = ()
    dev_groups: tuple[str, ...] = ()
    editable: bool = False
    caches: tuple[str, ...] = ()
    cache_off: str = ""
    cache_mounted: bool = False
    cache_mount_wrong: bool = False
    sharing_locked: bool = True
    docker_clean: bool = False
    cleaned: bool = False
    recommends: bool = False
    removed: tuple[str, ...] = ()
    reaches_final: bool = False
    brought_line: int | None = None
    conditional: bool = False
    script: str = ""
    mounted: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Installs:
    """In build order. `unread` lists (line, why) of RUNs whose package manager use could not be told."""

    all: tuple[Install, ...]
    unread: tuple[tuple[int, str], ...] = ()
