"""Which files earlier layers of the final image added, and what later ones remove or rewrite of them."""

from __future__ import annotations

import fnmatch
import itertools
import posixpath
from collections.abc import Iterator

from analyzers.artifacts.build_plan import Step
from analyzers.artifacts.installs import Install, InstallKind
from analyzers.dockerfile.commands import Command
from analyzers.records import dataclass

APT_LISTS = "/var/lib/apt/lists"
_ARCHIVES = (".whl", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".zip", ".deb", ".rpm")
_WHEEL_FOLDERS = ("wheels", "wheelhouse")
_RECURSIVE = ("--recursive",)


@dataclass(frozen=True, slots=True)
class Added:
    """A path that a step put into the image; `what` names it for a person."""

    path: str
    what: str
    step: Step


def added_by(step: Step, installs: list[Install]) -> Iterator[Added]:
    """Paths that a step leaves in its layer: copies, downloads, clones, package lists and caches."""
    if step.copy is not None:
        yield from (Added(path, f"`{path}`", step) for path in copied_paths(step))
    for install in installs:
        if install.manager == "apt" and install.kind is not InstallKind.OFFLINE and not install.cleaned:
            yield Added(APT_LISTS, "the package lists", step)
        elif install.downloads and not (install.cache_off or install.cache_mounted or install.cleaned):
            yield from (Added(path, f"the {install.manager} cache", step) for path in install.caches)
    for command in step.all_commands():
        path = _download(command)
        if path and not path.startswith("-"):
            full = resolve(path, step)
            yield Added(full, f"`{full}`", step)


def copied_paths(step: Step) -> list[str]:
    """Where each source of a COPY or ADD lands; a folder's contents land in the destination itself."""
    if step.copy is None:
        return []
    destination = resolve(step.copy.destination, step)
    files = [posixpath.basename(source.rstrip("/")) for source in step.copy.sources]
    into_folder = step.copy.destination.endswith(("/", ".")) or len(files) > 1
    if not into_folder or not all("." in name.strip(".") for name in files):
        return [destination]
    return [posixpath.join(destination, name) for name in files]


def removed_by(step: Step) -> Iterator[tuple[Command, str]]:
    """Paths that `rm` takes away, with the command; a trailing /* stands for the folder."""
    for command in step.all_commands():
        if command.name == "rm":
            for argument in _operands(command):
                yield command, resolve(argument.removesuffix("/*"), step)


def rewritten_by(step: Step) -> Iterator[tuple[Command, str]]:
    """Paths that a recursive chown or chmod rewrites; one that asks for the present owner (`--from`) is left out."""
    for command in step.all_commands():
        limited = any(argument.startswith("--from") for argument in command.argv)
        if command.name in ("chown", "chmod", "chgrp") and _is_recursive(command) and not limited:
            operands = _operands(command)
            by_reference = any(argument.startswith("--reference=") for argument in command.argv)
            for argument in operands if by_reference else operands[1:]:
                yield command, resolve(argument.removesuffix("/*"), step)


def concerns(path: str, added: str) -> bool:
    """Whether touching `path` touches what was added: the same path, one above it or one below it.

    What was laid over the root ("COPY rootfs /") is not known by path, and a pattern must match a name as a whole.
    """
    if "$" in path or not path.strip("/") or not added.strip("/"):
        return False
    if "*" in path:
        return fnmatch.fnmatchcase(added, path)
    return _under(added, path) or _under(path, added)


def archives_in(step: Step) -> list[str]:
    """Wheels and archives that a COPY brings as they are (ADD unpacks tar files of the context)."""
    if step.copy is None:
        return []
    unpacked = step.keyword == "ADD" and not step.copy.remote
    return [source for source in step.copy.sources if _is_archive(source) and not (unpacked and ".tar" in source)]


def resolve(path: str, step: Step) -> str:
    home = "/root" if step.user in ("", "root", "0") else f"/home/{step.user}"
    path = home + path[1:] if path.startswith("~") else path
    return posixpath.normpath(posixpath.join(step.workdir or "/", path))


def _under(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _is_archive(source: str) -> bool:
    name = source.rstrip("/").removesuffix("/*").rpartition("/")[2].lower()
    return name in _WHEEL_FOLDERS or name.endswith(_ARCHIVES)


def _operands(command: Command) -> list[str]:
    return [argument for argument in command.argv[1:] if not argument.startswith("-")]


def _is_recursive(command: Command) -> bool:
    flags = [argument for argument in command.argv[1:] if argument.startswith("-")]
    return any(flag in _RECURSIVE or (not flag.startswith("--") and "R" in flag) for flag in flags)


def _download(command: Command) -> str:
    """The file or folder that a download writes, "" where it names none."""
    argv = command.argv
    options = {"curl": ("-o", "--output"), "wget": ("-O", "--output-document")}.get(command.name, ())
    for option, value in itertools.pairwise(argv):
        if option in options:
            return value
    if command.name == "git" and "clone" in argv:
        operands = [argument for argument in argv[argv.index("clone") + 1 :] if not argument.startswith("-")]
        return operands[-1].rpartition("/")[2].removesuffix(".git") if operands else ""
    return ""
