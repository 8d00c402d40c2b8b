"""How slim an image is, from its tag's words and the base facts."""

from __future__ import annotations

from analyzers.artifacts import image_tag
from analyzers.artifacts.bases import Base

SLIM = frozenset({"slim", "alpine", "distroless", "minimal", "runtime"})
_DEVELOPMENT_TOOLS = ("curl", "wget", "git", "gcc", "nc")


def variant(base: Base) -> str:
    """slim alpine distroless minimal runtime full devel plain, or "" where nothing tells.

    A slim or alpine word anywhere in the tag counts, whoever publishes the image.
    """
    words = image_tag.words(base.image.tag)
    for word in ("alpine", "slim", "distroless"):
        if word in words:
            return word
    if base.facts is not None:
        return base.facts.variant
    repository = image_tag.words(base.image.repository)
    return next((word for word in ("alpine", "slim", "distroless", "minimal") if word in repository), "")


def tools_lost(base: Base) -> frozenset[str]:
    """Tools that this image carries and its slim variant would not."""
    return base.facts.tools & frozenset(_DEVELOPMENT_TOOLS) if base.facts is not None else frozenset()


def slimmer(base: Base) -> str:
    """A slimmer image of the same software, as it would stand in FROM."""
    image = base.image
    prefix = image.name.split("@")[0].rpartition(":")[0] if image.tag else image.name.split("@")[0]
    if variant(base) == "devel":
        return f"{prefix}:{image.tag.replace('devel', 'runtime')}"
    if image.repository.rpartition("/")[2] in ("ubuntu", "buildpack-deps", "fedora", "amazonlinux", "centos"):
        return "debian:13-slim"
    words = image_tag.words(image.tag)
    if image.repository.rpartition("/")[2] == "python" and words:
        return f"{prefix}:{image.tag.replace(words[0], 'slim-' + words[0], 1)}"
    return f"{prefix}:{image.tag}-slim" if image.tag and image.tag != "latest" else f"{prefix}:slim"
