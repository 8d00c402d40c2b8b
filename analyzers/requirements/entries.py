"""What every manifest reader yields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzers import regexes as re
from analyzers.lazy import pep508
from analyzers.records import dataclass, field, replace

ENTRY_LIMIT = 5_000
LINE_LIMIT = 2_000
VCS = re.compile(r"^(?:git|hg|svn|bzr)\+|^git@|^git://")
ARCHIVE = re.compile(r"\.(?:whl|zip|tar|tar\.gz|tgz|tar\.bz2)$")
SEPARATORS = re.compile(r"[-_.]+")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
EGG = re.compile(r"[#&]egg=([A-Za-z0-9][A-Za-z0-9._-]*)")


class ManifestError(Exception):
    """The manifest cannot be read; the message says why in a few words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One requirement as a manifest states it. `name` is normalised (PEP 503); `line` is 1-based, None if unknown.

    `group`: "" for the run-time group, "extra:NAME" for an extra, else the dependency group's name. `local` is a path
    as written, relative to the manifest's folder.
    """

    name: str
    specifier: str = ""
    line: int | None = None
    group: str = ""
    vcs: bool = False
    local: str = ""
    ecosystem: str = "python"
    extras: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest read. `includes` are (file as written, line) of nested requirement files; `default_groups` the
    groups that a plain sync installs; `optional_groups` those that need asking; `members` workspace folders (globs);
    `problems` (line, text) that could not be read."""

    entries: tuple[Entry, ...] = ()
    includes: tuple[tuple[str, int], ...] = ()
    default_groups: frozenset[str] = frozenset()
    optional_groups: frozenset[str] = frozenset()
    scripts: tuple[tuple[str, str], ...] = ()
    members: tuple[str, ...] = ()
    problems: tuple[tuple[int, str], ...] = field(default=())


def normalise(name: str) -> str:
    return SEPARATORS.sub("-", name).lower()


def parse_specification(text: str, line: int | None = None, group: str = "") -> Entry | None:
    """A PEP 508 requirement, a URL or a path; None where it names nothing."""
    text = text.strip()
    if not text or len(text) > LINE_LIMIT:
        return None
    if VCS.match(text) or "://" in text.split(" ")[0]:
        return _from_url(text, line, group)
    if text.startswith((".", "/", "~")) or ARCHIVE.search(text.split(";")[0].strip()):
        return _from_path(text, line, group)
    return _from_pep508(text, line, group)


def _from_url(text: str, line: int | None, group: str) -> Entry:
    url = text.split(" ")[0]
    egg = EGG.search(url)
    name = egg.group(1) if egg else url.split("#")[0].rstrip("/").rpartition("/")[2].partition("@")[0]
    name = name.removesuffix(".git").partition("-")[0] if ARCHIVE.search(name) else name.removesuffix(".git")
    local = url.removeprefix("file://") if url.startswith("file:") else ""
    return Entry(normalise(name or url), "", line, group, vcs=bool(VCS.match(url)), local=local)


def _from_path(text: str, line: int | None, group: str) -> Entry:
    path, _, rest = text.split(";")[0].strip().partition("[")
    extras = tuple(name.strip() for name in rest.rstrip("]").split(",") if name.strip())
    name = path.rstrip("/").rpartition("/")[2]
    name = name.partition("-")[0] if ARCHIVE.search(name) else name
    return Entry(normalise(name) if NAME.match(name) else ".", "", line, group, local=path or ".", extras=extras)


def _from_pep508(text: str, line: int | None, group: str) -> Entry | None:
    try:
        found = pep508.Requirement(text)
    except (pep508.InvalidRequirement, RecursionError):
        return _by_name_only(text, line, group)
    url = found.url or ""
    local = url.removeprefix("file://") if url.startswith("file:") else ""
    extras = tuple(sorted(found.extras))
    return Entry(
        normalise(found.name), str(found.specifier), line, group, vcs=bool(VCS.match(url)), local=local, extras=extras
    )


def _by_name_only(text: str, line: int | None, group: str) -> Entry | None:
    match = NAME.match(text)
    if match is None:
        return None
    rest = text[match.end() :].split(";")[0].strip()
    return Entry(normalise(match.group()), rest, line, group) if not rest or rest[0] in "=<>!~[@ " else None


def in_group(entries: Iterable[Entry], group: str) -> Iterator[Entry]:
    return (replace(entry, group=group) for entry in entries)


class LineFinder:
    """Where a name or quoted text stands in a manifest whose parser gives no lines; searches onwards, then from the
    top."""

    def __init__(self, text: str) -> None:
        self._lines: dict[str, int] = {}
        for number, line in enumerate(text.splitlines()[:20_000], 1):
            for word in re.findall(r"[A-Za-z0-9][A-Za-z0-9._/@-]*", line[:LINE_LIMIT]):
                self._lines.setdefault(word.lower(), number)

    def find(self, text: str) -> int | None:
        match = re.search(r"[A-Za-z0-9][A-Za-z0-9._/@-]*", text)
        return self._lines.get(match.group().lower()) if match else None
