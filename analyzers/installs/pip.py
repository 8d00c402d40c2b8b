"""pip, `uv pip`, pip-sync and pipx."""

from __future__ import annotations

import posixpath

from analyzers import regexes as re
from analyzers.artifacts.installs import InstallKind
from analyzers.installs.arguments import Arguments, option_names, split
from analyzers.installs.runs import Call, Run, is_on, names

VALUED = option_names(
    "-r --requirement --requirements -c --constraint --constraints -e --editable -t --target --prefix "
    "--root -i --index-url --extra-index-url -f --find-links --no-binary --only-binary --python-version "
    "--platform --implementation --abi --cache-dir --log --proxy --retries --timeout --exists-action "
    "--trusted-host --cert --client-cert --progress-bar --config-settings -C --global-option "
    "--install-option --src --upgrade-strategy --report --root-user-action --use-feature --use-deprecated "
    "-w --wheel-dir -d --dest --python -p --group --extra --resolution --index-strategy --link-mode "
    "--override --overrides --build-constraint --torch-backend --index --default-index --keyring-provider "
    "--directory --project --allow-insecure-host --exclude-newer --python-preference --python-platform "
    "--config-setting --prerelease --upgrade-package --fork-strategy --refresh-package --reinstall-package"
)
INSTALLERS = frozenset({"pip", "setuptools", "wheel"})
PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")

_NAME = re.compile(r"pip[0-9.]*$")
_ARCHIVE = re.compile(r"\.(?:whl|tar\.gz|tar\.bz2|zip|tgz)(?:\[.*\])?$")


def read(call: Call) -> Run | None:
    if _NAME.match(call.name):
        return _pip(call)
    if call.name == "pip-sync":
        words = split(call.words, VALUED)
        return Run("pip", InstallKind.DEPENDENCY, reads=words.positional or ("requirements.txt",))
    if call.name == "pipx":
        words = split(call.words, VALUED)
        return Run("pip", InstallKind.TOOL, names(words.operands)) if words.verb == "install" else None
    return None


def _pip(call: Call) -> Run | None:
    words = split(call.words, VALUED)
    if words.verb not in ("install", "wheel", "download"):
        return None
    return described("pip", words, call, no_cache=_no_cache(words, call))


def described(manager: str, words: Arguments, call: Call, no_cache: str) -> Run:
    """An install in pip's own words; `uv pip` takes the same."""
    editable = words.values("-e", "--editable")
    targets = [*words.operands, *editable]
    folders = [target for target in targets if is_folder(target)]
    packages = [target for target in targets if not is_folder(target) and not is_archive(target)]
    reads = (*words.values("-r", "--requirement", "--requirements"), *_group_manifest(words))
    return Run(
        manager,
        _kind(words, call, reads, folders, packages, targets),
        names([target for target in packages if "://" not in target]),
        reads=reads,
        implied=PROJECT_FILES if folders else (),
        folder=_path(folders[0]) if folders else "",
        local=bool(folders),
        dependencies=not words.has("--no-deps"),
        downloads=not _offline(words, call) and _fetches(words, reads, folders, packages, targets),
        editable=bool(editable),
        prefixes=_prefixes(words, call),
        cache_off=no_cache,
        cache=words.value("--cache-dir"),
    )


def is_folder(target: str) -> bool:
    """A local project: `.`, `./app[extra]`, `/app`; never an archive or a URL."""
    return target.startswith((".", "/", "~", "file:")) and not is_archive(target)


def is_archive(target: str) -> bool:
    return "://" not in target and (bool(_ARCHIVE.search(target)) or target.endswith("/*"))


def _kind(
    words: Arguments,
    call: Call,
    reads: tuple[str, ...],
    folders: list[str],
    packages: list[str],
    targets: list[str],
) -> InstallKind:
    if _offline(words, call) or (targets and not reads and not folders and not packages):
        return InstallKind.OFFLINE
    if reads:
        return InstallKind.DEPENDENCY
    if folders:
        return InstallKind.PROJECT if words.has("--no-deps") else InstallKind.DEPENDENCY
    named = set(names(packages))
    return InstallKind.UPGRADE if named and named <= INSTALLERS else InstallKind.TOOL


def _fetches(
    words: Arguments, reads: tuple[str, ...], folders: list[str], packages: list[str], targets: list[str]
) -> bool:
    """A run without any target gets them from xargs."""
    return bool(reads or packages or (folders and not words.has("--no-deps"))) or not targets


def _offline(words: Arguments, call: Call) -> bool:
    switches = ("PIP_NO_INDEX", "UV_NO_INDEX", "UV_OFFLINE")
    return words.has("--no-index", "--offline") or any(is_on(call.env, name) for name in switches)


def _group_manifest(words: Arguments) -> tuple[str, ...]:
    """`--group name` reads pyproject.toml; `--group path:name` that file."""
    found = (value.rpartition(":")[0] or "pyproject.toml" for value in words.values("--group"))
    return tuple(dict.fromkeys(found))


def _path(target: str) -> str:
    return posixpath.normpath(target.removeprefix("file://").partition("[")[0]) or "."


def _no_cache(words: Arguments, call: Call) -> str:
    """pip takes any unique prefix of an option, and any value of the variable that is not empty."""
    for name, _ in words.options:
        if name.startswith("--no-ca") and "--no-cache-dir".startswith(name):
            return name
    return "PIP_NO_CACHE_DIR" if call.env.get("PIP_NO_CACHE_DIR", "").strip() else ""


def _prefixes(words: Arguments, call: Call) -> tuple[str, ...]:
    if words.verb in ("wheel", "download"):
        return (words.value("-w", "--wheel-dir", "-d", "--dest") or ".",)
    root = words.value("--root")
    chosen = words.value("-t", "--target") or words.value("--prefix") or root
    chosen = chosen or call.env.get("PIP_TARGET", "") or call.env.get("PIP_PREFIX", "")
    if chosen:
        return (chosen,)
    if words.has("--user") or is_on(call.env, "PIP_USER"):
        return (call.env.get("PYTHONUSERBASE") or "~/.local",)
    return ()
