"""
Every image that the build starts from or copies from should name a version that cannot change by surprise.

## What it checks

Every external image that the target reaches: in `FROM`, in `COPY --from=image` and in `RUN --mount=from=image`. The
worst one decides; the `# syntax=` line does not count.

- **Pass:** a digest, or a tag with at least major and minor version of *that image's own* software
  (`python:3.13-slim`, `ubuntu:24.04`), or a distribution with a date (`bookworm-20260610`). `scratch` needs none.
- **Partial:** only a major version (`node:24`, `debian:13-slim`), a bare codename (`ubuntu:noble`), or a tag that
  names the version of other software than the image's own.
- **Fail:** no tag, or one that moves freely: `latest`, `stable`, `edge`, `lts`, `slim` or `alpine` alone.

## Why it matters

A moving tag makes yesterday's green build and today's broken one come from the same commit. It also hides upgrades:
nobody reviews a change that no diff shows, and two machines of one team can run different versions for weeks.

## How to fix

Before:

```dockerfile
FROM python:slim
COPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/uv
```

After:

```dockerfile
FROM python:3.13-slim
COPY --from=ghcr.io/astral-sh/uv:0.9.2 /uv /bin/uv
```

A digest pins to the byte; let an update bot move it, or security fixes never arrive:

```dockerfile
FROM python:3.13-slim@sha256:8f3aba466a471c0ab903dbd7cb979abd4bda370b04789d25440cc90372b50e04
```

## Traps

- `python3.11` in the tag of a server image is Python's version. The image's own releases still move under it.
- The image in `COPY --from=` is as much a dependency as the one in `FROM`, and is forgotten more often.
- Pinning without an update bot trades surprise for staleness. See the item on base image updates.
"""

from __future__ import annotations

from analyzers.artifacts import image_tag
from analyzers.artifacts.bases import Base, Bases
from analyzers.artifacts.build_plan import BuildPlan, ImageReference
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._dockerfile import fence, listed
from analyzers.results import EvidenceLevel, Result, passed

_MOVING = frozenset({"latest", "stable", "edge", "lts", "mainline", "current", "nightly", "rolling", "canary"})
_BRANCHES = frozenset({"main", "master", "testing", "unstable", "sid"})


@check(
    order=2,
    weight=2,
    strongest=EvidenceLevel.STATIC,
    title="Every image is pinned to a version",
    failure_title="An image is not pinned to a version",
)
def pinned(plan: BuildPlan, bases: Bases) -> Result:
    if not bases.all:
        return passed("The build starts from scratch and takes nothing from another image")
    case = Case()
    for base in bases.all:
        _judge(case, plan, base)
    loose = [finding.line for finding in (*case.failures, *case.shortfalls)]
    images = [base.image for base in bases.all if base.image.line in loose]
    return case.decide(f"Pinned: {listed(base.image.name for base in bases.all)}", fix=_fix(images))


def _judge(case: Case, plan: BuildPlan, base: Base) -> None:
    image = base.image
    place = (plan.target.dockerfile, image.line)
    if not image.resolved:
        case.doubt(f"the image `{image.text}` has no value here, so its version cannot be told", *place)
    elif reason := _moves(base):
        case.fail(f"`{image.name}` {reason}", *place)
    elif reason := _floats(base):
        case.lower(f"`{image.name}` {reason}", *place)


def _moves(base: Base) -> str:
    """Why the image can be anything tomorrow, "" where its name holds it to some version."""
    tag = base.image.tag
    if base.image.digest or image_tag.date(tag) or base.own_number is not None or image_tag.names_commit(tag):
        return ""
    if not tag:
        return "has no tag, so it is whatever `latest` is on the day of the build"
    moving = frozenset(image_tag.words(tag)) & (_MOVING | _BRANCHES)
    if moving or not (image_tag.numbers(tag) or base.releases):
        return f"names no version: `{tag}` moves with every release"
    return ""


def _floats(base: Base) -> str:
    """Why the image still changes within what its tag names, "" where it is pinned."""
    tag = base.image.tag
    if base.image.digest or image_tag.date(tag) or image_tag.names_commit(tag):
        return ""
    own = base.own_number
    if own is not None:
        return "" if own.parts > 1 else f"names only the major version {own.text}"
    if image_tag.numbers(tag):
        return "names the version of other software than its own, so the image itself floats"
    return "names a distribution without a version or date"


def _fix(images: list[ImageReference]) -> str:
    """The lines to change, each with a digest to fill in, and the command that tells it."""
    names = list(dict.fromkeys(image.name for image in images if image.resolved))
    if not names:
        return ""
    changes = "\n".join(f"# line {image.line}\n{_line(image)}" for image in images if image.resolved)
    return (
        "Name the version that you run today, major and minor at least, or the digest:\n\n"
        f"{fence(changes)}\n\nThe digest of a tag today:\n\n"
        + fence("\n".join(f"docker buildx imagetools inspect {name}" for name in names), "sh")
    )


def _line(image: ImageReference) -> str:
    pinned_name = f"{image.name}@sha256:<digest>"
    if image.used_by == "copy":
        return f"COPY --from={pinned_name} …"
    return f"RUN --mount=from={pinned_name},… …" if image.used_by == "mount" else f"FROM {pinned_name} …"
