"""A recognised package manager run, as its own words tell it, before anything around it is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analyzers.artifacts.installs import InstallKind
from analyzers.records import dataclass

OFF = ("", "0", "false", "no", "off", "n", "f")


@dataclass(frozen=True, slots=True)
class Run:
    """`reads`: manifests as written; `implied`: names that the manager looks for in its folder (or, a lock, above it).

    `folder`: the project's, as written ("" is the working directory). `local`: it installs the project in this folder
    itself. `dependencies`: it brings the project's dependencies too. `prefixes`: where it puts files, as written,
    () for the manager's usual place. `package`: the workspace member it is for, "*" for all of them.
    `after`: what it needs is there once the same manager has installed dependencies, so then it downloads nothing.
    """

    manager: str
    kind: InstallKind
    packages: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    implied: tuple[str, ...] = ()
    folder: str = ""
    local: bool = False
    dependencies: bool = True
    downloads: bool = True
    editable: bool = False
    prefixes: tuple[str, ...] = ()
    package: str = ""
    after: bool = False
    cache_off: str = ""
    cache: str = ""
    recommends: bool = False
    virtual: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A command with its wrappers off: `program` as written, `words` after it, `env` as it sees it."""

    program: str
    words: tuple[str, ...]
    env: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.program.rsplit("/", 1)[-1]


def is_on(env: Mapping[str, str], name: str) -> bool:
    """A switch in the environment: set, and to something that does not say no."""
    return env.get(name, "").strip().lower() not in OFF


def pairs(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The NAME=VALUE words."""
    for word in words:
        name, equals, value = word.partition("=")
        if equals:
            yield name, value


def unpinned(package: str) -> str:
    """A package's name without version, extras, marker or release: `gcc=4:12*`, `flask[async]>=2`, `x/stable`."""
    for mark in "=<>~!;[":
        package = package.partition(mark)[0]
    name, at, _ = package.rpartition("@")
    return (name if at and name else package).strip()


def names(packages: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Names only; what a command substitution would print is not known."""
    plain = (unpinned(package) for package in packages if not package.startswith(("$(", "`", "<(")))
    return tuple(name for name in plain if name)
