"""JavaScript: npm, yarn, pnpm, bun."""

from __future__ import annotations

from analyzers.artifacts.installs import InstallKind
from analyzers.installs.arguments import Arguments, option_names, split
from analyzers.installs.runs import Call, Run, names

LOCKS = {
    "npm": ("package-lock.json", "npm-shrinkwrap.json"),
    "yarn": ("yarn.lock",),
    "pnpm": ("pnpm-lock.yaml", "pnpm-workspace.yaml"),
    "bun": ("bun.lock", "bun.lockb"),
}
_VALUED = option_names(
    "--prefix -C --cwd --dir --cache --cache-folder --store-dir --registry --omit --include --only -w "
    "--workspace --filter -F --loglevel --network-timeout --network-concurrency --mutex --modules-folder "
    "--network-concurrency --child-concurrency --fetch-retries --fetch-timeout --maxsockets --backend "
    "--mode --target"
)
_INSTALLING = frozenset(
    {"install", "i", "ci", "clean-install", "install-clean", "in", "ins", "install-test", "it", "fetch"}
)
_ADDING = frozenset({"add", "install", "i", "dlx"})


def read(call: Call) -> Run | None:
    if call.name not in LOCKS and call.name != "yarnpkg":
        return None
    manager = "yarn" if call.name == "yarnpkg" else call.name
    words = split(call.words, _VALUED)
    if manager == "yarn":
        words = _yarn(words)
    if manager == "pnpm" and words.verb in ("recursive", "m"):
        words = Arguments(words.options, words.operands)
    return _read(manager, words)


def _yarn(words: Arguments) -> Arguments:
    """`yarn` alone installs; `yarn global add`, `yarn workspaces focus` say it in two words."""
    if not words.positional:
        shows = words.has("--version", "-v", "--help", "-h")
        return words if shows else Arguments(words.options, ("install",))
    if words.positional[:2] == ("workspaces", "focus"):
        return Arguments(words.options, ("install",))
    if words.verb == "global":
        return Arguments((*words.options, ("--global", None)), words.operands)
    return words


def _read(manager: str, words: Arguments) -> Run | None:
    if words.verb in _ADDING and words.operands:
        prefixes = ("/usr/local/lib/node_modules",) if words.has("-g", "--global") else ()
        return Run(manager, InstallKind.TOOL, names(words.operands), prefixes=prefixes, cache=_cache(words))
    if words.verb not in _INSTALLING or words.has("-g", "--global"):
        return None
    offline = words.has("--offline")
    return Run(
        manager,
        InstallKind.OFFLINE if offline else InstallKind.DEPENDENCY,
        implied=("package.json", *LOCKS[manager]),
        folder=words.value("--prefix", "-C", "--cwd", "--dir"),
        downloads=not offline,
        cache=_cache(words),
    )


def prunes(call: Call) -> str:
    """The manager that here takes the development packages out again, "" where none does."""
    words = split(call.words, _VALUED)
    production = words.has("--production", "--prod") or "dev" in words.values("--omit")
    return call.name if call.name in LOCKS and words.verb == "prune" and production else ""


def _cache(words: Arguments) -> str:
    return words.value("--cache", "--cache-folder", "--store-dir")
