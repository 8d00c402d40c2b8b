"""Where each package manager keeps what it downloads, by its own documentation, and what covers or empties that."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from analyzers.installs.runs import Call, Run

BRACE_LIMIT = 50

_SYSTEM: Mapping[str, tuple[str, ...]] = {
    "apt": ("/var/cache/apt", "/var/lib/apt/lists"),
    "apk": ("/var/cache/apk", "/etc/apk/cache"),
    "yum": ("/var/cache/yum", "/var/cache/dnf"),
    "dnf": ("/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/tdnf"),
    "microdnf": ("/var/cache/yum", "/var/cache/dnf", "/var/cache/libdnf5"),
    "zypper": ("/var/cache/zypp",),
}
# The variable that moves the cache, and the folder below the user's cache folder without it.
_BELOW_CACHE: Mapping[str, tuple[str, str]] = {
    "pip": ("PIP_CACHE_DIR", "pip"),
    "uv": ("UV_CACHE_DIR", "uv"),
    "poetry": ("POETRY_CACHE_DIR", "pypoetry"),
    "pipenv": ("PIPENV_CACHE_DIR", "pipenv"),
    "pdm": ("PDM_CACHE_DIR", "pdm"),
    "composer": ("COMPOSER_CACHE_DIR", "composer"),
}
_DOWNLOADS_BELOW = (
    "/archives",
    "/registry",
    "/cache",
    "/index",
    "/store",
    "/http",
    "/http-v2",
    "/artifacts",
    "/_cacache",
)
_HINTS: Mapping[str, tuple[str, ...]] = {
    "poetry": ("poetry", "pip"),
    "pipenv": ("pip",),
    "conda": ("conda", "mamba", "pkgs"),
    "bundler": ("bundle", "gem"),
    "dnf": ("dnf", "yum", "rpm"),
    "microdnf": ("dnf", "yum"),
    "go": ("go", "pkg/mod"),
    "npm": ("npm", "node_modules"),
    "yarn": ("yarn", "node_modules"),
    "pnpm": ("pnpm", "node_modules"),
}


def cache_paths(run: Run, env: Mapping[str, str], home: str, workdir: str) -> tuple[str, ...]:
    """Absolute paths, the likeliest first."""
    if run.cache:
        return (absolute(run.cache, home, workdir),)
    if run.manager in _SYSTEM:
        return _SYSTEM[run.manager]
    found = _project_caches(run.manager, env, home)
    return tuple(dict.fromkeys(absolute(path, home, workdir) for path in found if path))


def _project_caches(manager: str, env: Mapping[str, str], home: str) -> Iterator[str]:
    base = env.get("XDG_CACHE_HOME") or f"{home}/.cache"
    if manager in _BELOW_CACHE:
        variable, folder = _BELOW_CACHE[manager]
        yield env.get(variable) or f"{base}/{folder}"
        if manager == "pipenv":
            yield env.get("PIP_CACHE_DIR") or f"{base}/pip"
        if manager == "composer" and not env.get(variable):
            yield f"{env.get('COMPOSER_HOME') or home + '/.composer'}/cache"
            yield "/tmp/cache"  # noqa: S108 (COMPOSER_HOME is /tmp in the official image)
    else:
        yield from _other_caches(manager, env, home, base)


def _other_caches(manager: str, env: Mapping[str, str], home: str, base: str) -> Iterator[str]:
    if manager == "npm":
        yield env.get("npm_config_cache") or env.get("NPM_CONFIG_CACHE") or f"{home}/.npm"
    elif manager == "yarn":
        yield from _yarn(env, home, base)
    elif manager == "pnpm":
        yield from _pnpm(env, home)
    elif manager == "bun":
        yield env.get("BUN_INSTALL_CACHE_DIR") or f"{env.get('BUN_INSTALL') or home + '/.bun'}/install/cache"
    elif manager == "go":
        yield env.get("GOMODCACHE") or f"{env.get('GOPATH') or '/go'}/pkg/mod"
        yield f"{home}/go/pkg/mod" if not env.get("GOMODCACHE") and not env.get("GOPATH") else ""
    elif manager == "cargo":
        folders = [env["CARGO_HOME"]] if env.get("CARGO_HOME") else ["/usr/local/cargo", f"{home}/.cargo"]
        yield from (f"{folder}/registry" for folder in folders)
    elif manager in ("bundler", "gem"):
        folder = env.get("BUNDLE_PATH") or env.get("GEM_HOME") or "/usr/local/bundle"
        yield from (f"{folder}/cache", f"{home}/.bundle/cache")
    elif manager == "conda":
        root = env.get("MAMBA_ROOT_PREFIX") or env.get("CONDA_DIR") or "/opt/conda"
        yield from (env.get("CONDA_PKGS_DIRS") or f"{root}/pkgs", f"{home}/.conda/pkgs", f"{home}/.mamba/pkgs")


def _yarn(env: Mapping[str, str], home: str, base: str) -> Iterator[str]:
    """Yarn 1 as root writes below /usr/local/share; Yarn 2+ has a global folder of its own."""
    if folder := env.get("YARN_CACHE_FOLDER"):
        yield folder
        return
    if home == "/root":
        yield "/usr/local/share/.cache"
    yield from (f"{base}/yarn", f"{env.get('YARN_GLOBAL_FOLDER') or home + '/.yarn/berry'}/cache", ".yarn/cache")


def _pnpm(env: Mapping[str, str], home: str) -> Iterator[str]:
    chosen = env.get("npm_config_store_dir") or env.get("NPM_CONFIG_STORE_DIR") or env.get("PNPM_STORE_DIR")
    if chosen:
        yield chosen
        return
    if env.get("PNPM_HOME"):
        yield f"{env['PNPM_HOME']}/store"
    yield f"{env.get('XDG_DATA_HOME') or home + '/.local/share'}/pnpm/store"


def absolute(path: str, home: str, workdir: str) -> str:
    """`~`, `$HOME` and relative paths resolved."""
    for mark in ("~/", "$HOME/", "${HOME}/"):
        if path.startswith(mark):
            path = f"{home}/{path.removeprefix(mark)}"
    path = home if path in ("~", "$HOME") else path
    joined = posixpath.normpath(posixpath.join(workdir or "/", path))
    return "/" + joined.lstrip("/") if joined.startswith("/") else joined


def covers(mount: str, cache: str, home_known: bool = True) -> bool:
    """A mount at or above the cache holds it, as does one at the part below it where the downloads lie.

    With `home_known` false the same place below any other home counts too.
    """
    if inside(cache, mount) or any(mount == cache + below for below in _DOWNLOADS_BELOW):
        return True
    return not home_known and _below_home(mount) != "" and inside(_below_home(cache), _below_home(mount))


def _below_home(path: str) -> str:
    found = re.match(r"/(?:root|(?:home|app|srv|opt|var/lib)/[^/]+|[^/]+)/(\..*)", path[:500])
    return found.group(1) if found else ""


def inside(path: str, folder: str) -> bool:
    return bool(folder) and (path == folder or path.startswith(folder.rstrip("/") + "/"))


def means(mount: str, run: Run) -> bool:
    """By its path, this cache mount is meant for this manager."""
    return any(hint in mount.lower() for hint in _HINTS.get(run.manager, (run.manager,)))


def cleans(call: Call, manager: str, caches: tuple[str, ...], home: str, workdir: str) -> bool:
    """The call removes the manager's lists or caches."""
    words = call.words
    if call.name in ("rm", "find"):
        paths = [path for word in words if not word.startswith("-") for path in braces(word)]
        removing = call.name == "rm" or "-delete" in words or "rm" in words
        return removing and any(_empties(absolute(path, home, workdir), _kept(manager, caches)) for path in paths)
    if manager == "apt":
        return call.name.startswith("apt") and ("dist-clean" in words or "distclean" in words)
    return call.name in _CLEANERS.get(manager, {}) and _CLEANERS[manager][call.name] <= set(words)


def _kept(manager: str, caches: tuple[str, ...]) -> tuple[str, ...]:
    """What has to go: of apt the lists, as its images clean the archives by themselves."""
    return ("/var/lib/apt/lists",) if manager == "apt" else caches


def _empties(path: str, caches: tuple[str, ...]) -> bool:
    whole = re.sub(r"(?:/[*_]+)+$", "", path[:1000])
    below = {cache + part for cache in caches for part in _DOWNLOADS_BELOW}
    return whole in below or any(inside(cache, whole) for cache in caches if whole not in ("", "/"))


_CLEANERS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "apk": {"apk": frozenset({"cache", "clean"})},
    "yum": {"yum": frozenset({"clean"}), "dnf": frozenset({"clean"})},
    "dnf": {"dnf": frozenset({"clean"}), "yum": frozenset({"clean"}), "tdnf": frozenset({"clean"})},
    "microdnf": {"microdnf": frozenset({"clean"}), "dnf": frozenset({"clean"})},
    "zypper": {"zypper": frozenset({"clean"})},
    "pip": {"pip": frozenset({"cache", "purge"}), "pip3": frozenset({"cache", "purge"})},
    "uv": {"uv": frozenset({"cache", "clean"})},
    "poetry": {"poetry": frozenset({"cache", "clear"})},
    "pdm": {"pdm": frozenset({"cache", "clear"})},
    "npm": {"npm": frozenset({"cache", "clean"})},
    "yarn": {"yarn": frozenset({"cache", "clean"})},
    "pnpm": {"pnpm": frozenset({"store", "prune"})},
    "bun": {"bun": frozenset({"pm", "cache", "rm"})},
    "go": {"go": frozenset({"clean", "-modcache"})},
    "composer": {"composer": frozenset({"clear-cache"})},
    "conda": {name: frozenset({"clean"}) for name in ("conda", "mamba", "micromamba")},
}


CLEANING = frozenset(name for cleaners in _CLEANERS.values() for name in cleaners)


def braces(word: str) -> list[str]:
    """`/var/lib/{apt,dpkg}/` as its two paths; one pair of braces after the other, at most BRACE_LIMIT results."""
    found = [""]
    rest = word[:1000]
    while (match := re.search(r"\{([^{}]*,[^{}]*)\}", rest)) is not None:
        found = [start + rest[: match.start()] + choice for start in found for choice in match.group(1).split(",")]
        found, rest = found[:BRACE_LIMIT], rest[match.end() :]
    return [start + rest for start in found]
