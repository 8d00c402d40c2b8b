"""What the build context holds after ignore rules, and what the target's copies take of it."""

from __future__ import annotations

from analyzers.records import dataclass


@dataclass(frozen=True, slots=True)
class ContextCopy:
    """A COPY/ADD or bind mount from the build context, in a stage that the target reaches.

    `whole`: takes the whole context. `source`: takes more than manifests, locks and single named configuration files.
    `manifests`: dependency manifests and locks among what it takes, as repository paths. `sources`: as written,
    expanded.
    `files`/`size_bytes`: what it takes of the tree after ignore rules; `at_least` where an entry's size is unknown.
    `code`: it takes files of program code (Python, JavaScript, …), not data alone.
    `mount`: it is a bind mount.
    """

    stage: int
    position: int
    line: int
    end_line: int
    sources: tuple[str, ...]
    destination: str
    whole: bool
    source: bool
    code: bool
    manifests: tuple[str, ...]
    files: int
    size_bytes: int
    at_least: bool = False
    mount: bool = False


@dataclass(frozen=True, slots=True)
class Probe:
    """A path that should stay out of the image. `enters` where a copy would take it under the ignore rules.

    `kind`: "vcs", "virtualenv", "node_modules", "bytecode", "env_file" or "secret". `tracked`: it is in the tree,
    not only possible.
    `secret`: its name and content look secret (tracked `.env` without a secret-looking key is not).
    """

    path: str
    kind: str
    enters: bool
    tracked: bool
    secret: bool
    copy_line: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    path: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class BuildContext:
    """`ignore_file` is the one in force (repository path) or None; `ineffective_ignore_files` exist but have no
    effect here.

    `size_bytes`: what copies of the target can take, each byte once; `by_name_bytes`: of it, what is taken only by
    name;
    `vcs_bytes`: size of `.git` where it enters, None where it enters with unknown size, 0 where it does not enter.
    `largest`: the ten largest entries that can be taken. `secrets_outside`: tracked secret-looking files that no
    copy takes.
    `missing`: the context folder is not in the tree. `ignore_errors`: lines of the ignore file that Docker refuses (it
    stops the build), each with why.
    """

    path: str
    ignore_file: str | None
    ignore_patterns: tuple[str, ...]
    ineffective_ignore_files: tuple[str, ...]
    copies: tuple[ContextCopy, ...]
    probes: tuple[Probe, ...]
    size_bytes: int
    by_name_bytes: int
    at_least: bool
    vcs_bytes: int | None
    largest: tuple[Entry, ...]
    secrets_outside: tuple[str, ...] = ()
    missing: bool = False
    ignore_errors: tuple[tuple[int, str], ...] = ()
