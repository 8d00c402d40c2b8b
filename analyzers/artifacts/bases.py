"""What is known about the external images, from a bundled, dated table."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from analyzers.artifacts import image_tag
from analyzers.artifacts.build_plan import ImageReference
from analyzers.records import dataclass, field


@dataclass(frozen=True, slots=True)
class Release:
    """A release of software that a tag names. Ends are last days of free support; `lts_end` of the longer free one."""

    product: str
    version: str
    support_end: datetime.date | None
    lts_end: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class BaseFacts:
    """A known image. `kind`: "language", "distribution", "minimal", "server", "tool", "service" or "scratch".

    `variant`: slim alpine distroless minimal full plain devel runtime "" (says nothing). `libc`: glibc or musl.
    `own_version`: the tag's first number is the version of this image's own software (false for
    `tiangolo/…:python3.9`).
    `tools`: which of curl, wget, tini, nc, git, gcc, python it carries. `docker_clean`: has Debian's apt hook for
    images.
    """

    kind: str
    variant: str
    libc: str
    own_version: bool
    env: Mapping[str, str] = field(default_factory=dict)
    entrypoint: tuple[str, ...] = ()
    cmd: tuple[str, ...] = ()
    user: str = ""
    workdir: str = ""
    tools: frozenset[str] = frozenset()
    docker_clean: bool = False
    has_healthcheck: bool = False
    onbuild: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Base:
    """One external image with what is known; `facts` is None for an image outside the table."""

    image: ImageReference
    facts: BaseFacts | None
    releases: tuple[Release, ...] = ()

    @property
    def own_number(self) -> image_tag.Number | None:
        """The tag's version of this image's own software, None where it names none or only another software's."""
        if self.facts is not None and not self.facts.own_version:
            return None
        return image_tag.own_number(self.image.repository, self.image.tag)


@dataclass(frozen=True, slots=True)
class Bases:
    """`final` is the final image's base, None for scratch or an unresolved one (`final_scratch` tells); `all` in
    order of BuildPlan.images."""

    final: Base | None
    final_scratch: bool
    all: tuple[Base, ...]
    table_date: datetime.date
