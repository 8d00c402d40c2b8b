"""Image references: registry, repository, tag and digest (the grammar of distribution/reference)."""

from __future__ import annotations

from analyzers import regexes as re
from analyzers.records import dataclass

DEFAULT_REGISTRY = "docker.io"
_LENGTH_LIMIT = 1_024
_PATH = re.compile(r"[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*")
_TAG = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
_DIGEST = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[+._-][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}")


@dataclass(frozen=True, slots=True)
class ImageName:
    """`repository` has no `library/` prefix on the default registry; `tag` and `digest` are "" where absent."""

    registry: str
    repository: str
    tag: str = ""
    digest: str = ""


def parse_image(text: str) -> ImageName | None:
    """A fully expanded reference; None where it is no valid one."""
    if not text or len(text) > _LENGTH_LIMIT:
        return None
    name, _, digest = text.partition("@")
    path, tag = _split_tag(name)
    registry, repository = _split_registry(path)
    valid = _PATH.fullmatch(repository) and (not tag or _TAG.fullmatch(tag)) and not name.endswith(":")
    if not valid or ("@" in text and not _DIGEST.fullmatch(digest)):
        return None
    return ImageName(registry, repository, tag, digest)


def _split_tag(name: str) -> tuple[str, str]:
    """The tag is behind the last colon that stands behind the last slash."""
    folder, slash, last = name.rpartition("/")
    base, _, tag = last.partition(":")
    return f"{folder}{slash}{base}", tag


def _split_registry(path: str) -> tuple[str, str]:
    first, slash, rest = path.partition("/")
    is_host = "." in first or ":" in first or first == "localhost" or first != first.lower()
    if not slash or not is_host:
        return DEFAULT_REGISTRY, path.removeprefix("library/")
    if first in (DEFAULT_REGISTRY, "index.docker.io"):
        return DEFAULT_REGISTRY, rest.removeprefix("library/")
    return first, rest
