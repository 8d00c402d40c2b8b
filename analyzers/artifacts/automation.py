"""Update bots, CI workflows and build scripts that bear on this target's image."""

from __future__ import annotations

from analyzers.records import dataclass


@dataclass(frozen=True, slots=True)
class UpdateBot:
    """`covers`: it keeps this target's Dockerfile fresh; `why` says how or why not."""

    name: str
    path: str
    line: int | None
    covers: bool
    why: str


@dataclass(frozen=True, slots=True)
class ScheduledBuild:
    """A schedule that leads to an image build of this target; `pulls`: with an explicit pull of the base."""

    path: str
    line: int | None
    pulls: bool
    why: str


@dataclass(frozen=True, slots=True)
class ImageBuild:
    """A place that builds this target's Dockerfile: CI step, script, Makefile, compose or bake file.

    `buildx`: by buildx/bake or a BuildKit builder; `cache_backend`: with --cache-to/--cache-from of a backend, or
    cache settings;
    `buildkit_env`: DOCKER_BUILDKIT as set there ("1", "0" or "").
    """

    path: str
    line: int | None
    buildx: bool
    cache_backend: bool
    buildkit_env: str
    build_args: tuple[str, ...] = ()
    stage: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class Automation:
    bots: tuple[UpdateBot, ...]
    schedules: tuple[ScheduledBuild, ...]
    builds: tuple[ImageBuild, ...]
    buildkit_disabled: tuple[tuple[str, int], ...] = ()
