"""The external images that a plan names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzers.artifacts.build_plan import ImageReference, Stage, Step
from analyzers.dockerfile.layout import sources
from analyzers.dockerfile.names import parse_image


def image_reference(text: str, name: str, unresolved: bool, line: int, stage: int, used_by: str) -> ImageReference:
    """`text` as written, `name` expanded. One that is open or no valid reference has an empty name."""
    image = None if unresolved else parse_image(name)
    if image is None:
        return ImageReference(text, "", "", "", "", "", line, stage, used_by)
    return ImageReference(text, name, image.registry, image.repository, image.tag, image.digest, line, stage, used_by)


def images_of(stages: Iterable[Stage], reached: frozenset[int]) -> tuple[ImageReference, ...]:
    """Those of the reached stages, in order of lines. `scratch` is none."""
    found: list[ImageReference] = []
    for stage in stages:
        if stage.index in reached:
            found.extend([stage.base_image] if stage.base_image else [])
            found.extend(image for step in stage.steps for image in _of_step(step))
    return tuple(sorted(found, key=lambda image: image.line))


def _of_step(step: Step) -> Iterator[ImageReference]:
    written = [text for text in sources(step.instruction) if text]
    copied = [step.copy.image] if step.copy and step.copy.image else []
    mounted = [mount.source_image for mount in step.mounts if mount.source_image]
    used_by = "copy" if copied else "mount"
    for name in (*copied, *mounted):
        if name != "scratch":
            text = next((each for each in written if "$" in each), name) if name not in written else name
            yield image_reference(text, name, "$" in name, step.line, step.stage, used_by)
