"""Which groups and extras of a manifest an install command really brings."""

from __future__ import annotations

import functools
import shlex
from collections.abc import Iterator, Mapping, Sequence

from analyzers import regexes as re
from analyzers.records import dataclass
from analyzers.requirements.entries import Manifest, normalise

EXTRAS = re.compile(r"\[([A-Za-z0-9._, -]{1,200})\]")
OFF = ("", "0", "false", "no", "off")


@dataclass(frozen=True, slots=True)
class Selection:
    """`main`: the run-time group is installed; `all_extras`/`all_groups`: each of them is."""

    main: bool = True
    groups: frozenset[str] = frozenset()
    extras: frozenset[str] = frozenset()
    all_groups: bool = False
    all_extras: bool = False

    def takes(self, group: str) -> bool:
        if group == "":
            return self.main
        if group.startswith("extra:"):
            return self.all_extras or group.removeprefix("extra:") in self.extras
        return self.all_groups or group in self.groups


@functools.lru_cache(maxsize=64)
def words_of(command: str) -> tuple[str, ...]:
    """One install command chooses the groups of many files."""
    try:
        return tuple(shlex.split(command, comments=False))
    except ValueError:
        return tuple(command.split())


def select(manager: str, command: str, manifest: Manifest, env: Mapping[str, str] | None = None) -> Selection:
    """`env` is what the command sees; it may switch groups off (`UV_NO_DEV`, `NODE_ENV`)."""
    words = words_of(command)
    chooser = {"uv": _uv, "poetry": _poetry, "pdm": _pdm, "pipenv": _pipenv}.get(manager)
    if manager in ("npm", "yarn", "pnpm", "bun"):
        return _node(words, env or {})
    if chooser is None or (manager == "uv" and "pip" in words):
        return Selection(extras=_extras(words), groups=frozenset(_values(words, "--group")))
    return chooser(words, manifest, env or {})


def _values(words: Sequence[str], *options: str) -> Iterator[str]:
    """Values of an option, repeated, with "=", or comma-separated; normalised."""
    for index, word in enumerate(words):
        option, equals, value = word.partition("=")
        if option not in options:
            continue
        text = value if equals else words[index + 1] if index + 1 < len(words) else ""
        yield from (normalise(item) for item in re.split(r"[,\s]+", text) if item)


def _on(env: Mapping[str, str], name: str) -> bool:
    return env.get(name, "").strip().lower() not in OFF


def _extras(words: Sequence[str]) -> frozenset[str]:
    """Extras of a local install: `.[prod]`, `-e .[a,b]`."""
    found = [match.group(1) for word in words if word.startswith(".") and (match := EXTRAS.search(word))]
    return frozenset(normalise(name) for text in found for name in text.split(",") if name.strip())


def _uv(words: Sequence[str], manifest: Manifest, env: Mapping[str, str]) -> Selection:
    only = set(_values(words, "--only-group")) | ({"dev"} if "--only-dev" in words else set())
    groups = set() if "--no-default-groups" in words or only else set(manifest.default_groups)
    if "--no-dev" in words or _on(env, "UV_NO_DEV"):
        groups.discard("dev")
    groups |= set(_values(words, "--group")) | only | ({"dev"} if "--dev" in words else set())
    groups -= set(_values(words, "--no-group"))
    return Selection(
        not only,
        frozenset(groups),
        frozenset(_values(words, "--extra")),
        "--all-groups" in words,
        "--all-extras" in words,
    )


def _poetry(words: Sequence[str], manifest: Manifest, env: Mapping[str, str]) -> Selection:
    only = set(_values(words, "--only"))
    groups = set() if only or "--only-root" in words else set(manifest.default_groups)
    if "--no-dev" in words:
        groups.discard("dev")
    groups = groups - set(_values(words, "--without")) | set(_values(words, "--with")) | (only - {"main"})
    if _on(env, "POETRY_WITHOUT_DEV"):
        groups.discard("dev")
    extras = frozenset(_values(words, "--extras", "-E"))
    every = "--all-groups" in words
    return Selection(not only or "main" in only, frozenset(groups), extras, every, "--all-extras" in words)


def _pdm(words: Sequence[str], manifest: Manifest, env: Mapping[str, str]) -> Selection:
    chosen = frozenset(_values(words, "-G", "--group", "--with"))
    off = any(word in words for word in ("--prod", "--production", "--no-dev"))
    groups = chosen if off else chosen | manifest.default_groups
    return Selection("--no-default" not in words, groups - frozenset(_values(words, "--without")), chosen)


def _pipenv(words: Sequence[str], manifest: Manifest, env: Mapping[str, str]) -> Selection:
    development = "--dev" in words or "-d" in words or _on(env, "PIPENV_DEV")
    return Selection(groups=frozenset({"dev"}) if development else frozenset())


def _node(words: Sequence[str], env: Mapping[str, str]) -> Selection:
    """npm, yarn, pnpm and bun bring dev dependencies unless told not to."""
    off = any(word in ("--omit=dev", "--production", "--prod", "--only=production", "-P") for word in words)
    off = off or "dev" in _values(words, "--omit") or env.get("NODE_ENV") == "production"
    return Selection(groups=frozenset() if off else frozenset({"dev"}))
