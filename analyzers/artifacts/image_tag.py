"""What an image's tag says by itself: its words, its version numbers, its date."""

from __future__ import annotations

from analyzers import regexes as re
from analyzers.records import dataclass

LENGTH_LIMIT = 256
_WORD = re.compile(r"[a-z]+")
_NUMBER = re.compile(r"([a-z]*)[-_]?(\d+(?:\.\d+)*)")
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-.]?([01]\d)[-.]?([0-3]\d)(?!\d)")
_COMMIT = re.compile(r"(?<![0-9a-z])(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,64}(?![0-9a-z])")


@dataclass(frozen=True, slots=True)
class Number:
    """A version in a tag and the word right before it: "python3.12" is ("python", "3.12"), "3.12" is ("", "3.12")."""

    label: str
    text: str

    @property
    def parts(self) -> int:
        return self.text.count(".") + 1


def words(text: str) -> tuple[str, ...]:
    """The runs of letters: "3.12-slim-bookworm" has slim and bookworm, "alpine3.20" has alpine."""
    return tuple(_WORD.findall(text[:LENGTH_LIMIT].lower()))


def numbers(text: str) -> tuple[Number, ...]:
    return tuple(Number(label, number) for label, number in _NUMBER.findall(text[:LENGTH_LIMIT].lower()))


def date(tag: str) -> str:
    """The day that a tag carries as YYYY-MM-DD ("bookworm-20240812", "python3.9-2023-12-04"), "" where none."""
    found = _DATE.search(tag[:LENGTH_LIMIT])
    return "-".join(found.groups()) if found else ""


def names_commit(tag: str) -> bool:
    return _COMMIT.search(tag[:LENGTH_LIMIT].lower()) is not None


def own_number(repository: str, tag: str) -> Number | None:
    """The tag's first number where it is the version of this image's own software.

    "3.12-slim" and "v1.44.0-jammy" are; "python3.9-slim" of tiangolo/uvicorn-gunicorn is not.
    """
    found = numbers(tag)
    if not found:
        return None
    own = {"", "v", "version", "release", "r", *words(repository.rpartition("/")[2])}
    return found[0] if found[0].label in own else None
