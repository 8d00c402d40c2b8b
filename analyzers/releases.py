"""Which releases a tag names, and until when they are supported: pure look-ups in facts/releases.py."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable, Mapping

from analyzers.artifacts import image_tag
from analyzers.artifacts.bases import Release
from analyzers.facts.releases import PRODUCTS
from analyzers.records import dataclass, field

End = tuple[datetime.date, datetime.date | None]


@dataclass(frozen=True)
class Product:
    """`ends` maps a version to the last day of regular and, where there is one, of longer free support."""

    title: str
    labels: frozenset[str]
    ends: Mapping[str, End]
    codenames: Mapping[str, str] = field(default_factory=dict)

    def release(self, version: str) -> Release | None:
        """The release that a version belongs to; None where it is too coarse to name one ("python:3").

        One older than all that are listed ended with the oldest at the latest; a newer one has no known end.
        """
        for listed, (support, longer) in self.ends.items():
            if _starts_with(_parts(version), _parts(listed)):
                return Release(self.title, listed, support, longer)
        oldest = min(self.ends, key=_parts)
        if len(_parts(version)) < max(len(_parts(listed)) for listed in self.ends):
            coarse = any(_starts_with(_parts(listed), _parts(version)) for listed in self.ends)
            if coarse:
                return None
        if _parts(version) < _parts(oldest):
            return Release(self.title, version, *self.ends[oldest])
        return Release(self.title, version, None)


def named_in(repository: str, tag: str, own_product: str, own_version: str) -> tuple[Release, ...]:
    """Every release that an image's name tells of: its own software first, then what stands in words and codenames.

    `own_product` is the table's key for the image's own software, `own_version` the version in its tag; "" for none.
    """
    found: list[Release | None] = []
    if own_product and own_version:
        found.append(products()[own_product].release(own_version))
    for number in (*image_tag.numbers(tag), *image_tag.numbers(repository)):
        found += [p.release(number.text) for p in products().values() if number.label in p.labels]
    found += _by_codename(image_tag.words(tag))
    return _distinct(release for release in found if release is not None)


@functools.cache
def products() -> Mapping[str, Product]:
    return {key: _product(entry) for key, entry in PRODUCTS.items()}


def _product(entry: Mapping[str, object]) -> Product:
    title, labels, ends, codenames = (entry.get(key) for key in ("title", "labels", "ends", "codenames"))
    assert isinstance(title, str)
    assert isinstance(labels, list)
    assert isinstance(ends, dict)
    names = codenames if isinstance(codenames, dict) else {}
    return Product(title, frozenset(labels), {version: _end(days) for version, days in ends.items()}, names)


def _end(days: datetime.date | list[datetime.date]) -> End:
    return (days[0], days[1]) if isinstance(days, list) else (days, None)


def _by_codename(words: Iterable[str]) -> list[Release | None]:
    return [
        product.release(product.codenames[word])
        for word in words
        for product in products().values()
        if word in product.codenames
    ]


def _distinct(releases: Iterable[Release]) -> tuple[Release, ...]:
    return tuple({(release.product, release.version): release for release in releases}.values())


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part[:9]) for part in version.split("."))


def _starts_with(version: tuple[int, ...], start: tuple[int, ...]) -> bool:
    return version[: len(start)] == start
