"""What is known about an external image: pure look-ups in the bundled, dated tables under facts/."""

from __future__ import annotations

import datetime
import fnmatch
from collections.abc import Mapping
from typing import Any

from analyzers import releases
from analyzers.artifacts import image_tag
from analyzers.artifacts.bases import Base, BaseFacts
from analyzers.artifacts.build_plan import ImageReference
from analyzers.facts.bases import DATE, IMAGES

DOCKER_HUB = "docker.io"
# Registries and folders that serve the official images under another name.
_MIRRORS = ("public.ecr.aws/docker/library/", "mirror.gcr.io/library/", "quay.io/official-images/")
Entry = Mapping[str, Any]


def look_up(image: ImageReference) -> Base:
    """The image with its facts (None outside the table) and the releases that its name tells of."""
    if not image.resolved:
        return Base(image, None)
    name = canonical_name(image)
    entry = next((entry for entry in IMAGES if _named(entry, name)), None)
    version = _product_version(entry, image)
    named = releases.named_in(image.repository, image.tag, entry.get("product", "") if entry else "", version)
    return Base(image, _facts(entry, image.tag, version) if entry else None, named)


def table_date() -> datetime.date:
    return DATE


def canonical_name(image: ImageReference) -> str:
    """The name that the table knows: without registry for the Hub, official images of mirrors by their own name."""
    full = f"{image.registry}/{image.repository}"
    for mirror in _MIRRORS:
        if full.startswith(mirror):
            return full.removeprefix(mirror)
    before, library, official = image.repository.rpartition("library/")
    if library and "/" not in official and (not before or before.endswith("/")):
        return official
    return image.repository if image.registry == DOCKER_HUB else full


def _named(entry: Entry, name: str) -> bool:
    patterns = (pattern for pattern in entry["names"] if "*" in pattern)
    return name in entry["names"] or any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def _product_version(entry: Entry | None, image: ImageReference) -> str:
    """The version of the entry's product in the tag, "" where it names none.

    Where an image's own version may come first ("1-3.12-bookworm"), the product's is the last bare number.
    """
    numbers = image_tag.numbers(image.tag)
    if entry is None or entry.get("own_version", True):
        own = image_tag.own_number(image.repository, image.tag)
        return own.text if own else ""
    bare = [number.text for number in numbers if not number.label and not image_tag.date(number.text)]
    labelled = [number.text for number in numbers if number.label == entry.get("product")]
    return (labelled[:1] or bare[-1:] or [""])[0]


def _facts(entry: Entry, tag: str, version: str) -> BaseFacts:
    facts = dict(entry)
    facts["env"] = dict(entry.get("env", {}))
    for change in entry.get("when", ()):
        if _holds(change, tag, version):
            facts["env"] |= change.get("env", {})
            facts |= {key: value for key, value in change.items() if key != "env"}
    return BaseFacts(
        kind=facts["kind"],
        variant=facts["variant"],
        libc=facts.get("libc", "glibc"),
        own_version=facts.get("own_version", True),
        env=_with_version(facts["env"], version),
        entrypoint=tuple(facts.get("entrypoint", ())),
        cmd=tuple(facts.get("cmd", ())),
        user=facts.get("user", ""),
        workdir=facts.get("workdir", ""),
        tools=frozenset(facts.get("tools", ())),
        docker_clean=facts.get("docker_clean", False),
    )


def _holds(change: Entry, tag: str, version: str) -> bool:
    words = set(image_tag.words(tag))
    date = image_tag.date(tag)
    return (
        words.issuperset(change.get("words", ()))
        and words.isdisjoint(change.get("without", ()))
        and ("below" not in change or _older(version, change["below"]))
        and ("at_least" not in change or (bool(version) and not _older(version, change["at_least"])))
        and ("since" not in change or not date or date >= change["since"].isoformat())
    )


def _older(version: str, limit: str) -> bool:
    """Whether a version is known to be older; one without a minor is the newest of its major."""
    if "." not in version:
        return False
    return _numbers(version) < _numbers(limit)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part[:9]) for part in version.split("."))


def _with_version(env: Mapping[str, str], version: str) -> Mapping[str, str]:
    """`{version}` filled in; such a variable is left out where the tag does not give the whole version."""
    whole = version.count(".") == 2
    return {
        name: value.replace("{version}", version) for name, value in env.items() if whole or "{version}" not in value
    }
