"""What a package manager leaves behind in the layer that it runs in."""

from __future__ import annotations

from analyzers.artifacts.build_plan import Step
from analyzers.artifacts.installs import Install, InstallKind
from analyzers.checks._decide import Case
from analyzers.checks._dockerfile import short
from analyzers.checks.image._added import APT_LISTS

_PIP_LIKE = {
    "pip": "`--no-cache-dir`, `PIP_NO_CACHE_DIR` or a cache mount",
    "uv": "`--no-cache`, `UV_NO_CACHE` or a cache mount",
}
_CLEANED_BY = {
    "dnf": "dnf clean all",
    "yum": "yum clean all",
    "microdnf": "microdnf clean all",
    "zypper": "zypper clean",
}


def judge_leftovers(case: Case, place: tuple[str, int, int], step: Step, install: Install) -> None:
    """Adds to the case what this install leaves in the final image beside the packages themselves."""
    what = short(install.command)
    if install.manager == "apt":
        _judge_apt(case, place, step, install, what)
    elif not install.downloads or install.cache_off or install.cache_mounted or install.cleaned:
        return
    elif install.manager in _PIP_LIKE:
        message = f"{what} keeps its download cache in the image: it has none of {_PIP_LIKE[install.manager]}"
        judge = case.lower if install.kind is InstallKind.UPGRADE else case.fail
        judge(message, *place)
    elif install.manager == "apk":
        case.lower(f"{what} keeps the package index: it has no `--no-cache`", *place)
    elif install.manager in _CLEANED_BY:
        case.lower(f"{what} keeps its cache: `{_CLEANED_BY[install.manager]}` is missing in the same RUN", *place)
    else:
        case.lower(f"{what} leaves the {install.manager} cache in the image", *place)


def without_refresh(installs: list[Install]) -> list[Install]:
    """The installs of a RUN; its `apt-get update` counts on its own only where nothing is installed after it."""
    real = [install for install in installs if install.kind is not InstallKind.REFRESH]
    managers = {install.manager for install in real}
    return [i for i in installs if i.kind is not InstallKind.REFRESH or i.manager not in managers]


def _judge_apt(case: Case, place: tuple[str, int, int], step: Step, install: Install, what: str) -> None:
    if install.kind is InstallKind.OFFLINE or not install.downloads:
        return
    if not install.cleaned and not _lists_mounted(step):
        case.fail(f"{what} leaves the package lists in the image: {APT_LISTS} is not removed in the same RUN", *place)
    if install.recommends and install.kind is not InstallKind.REFRESH:
        case.lower(f"{what} installs recommended packages too: `--no-install-recommends` is missing", *place)


def _lists_mounted(step: Step) -> bool:
    return any(
        mount.type in ("cache", "tmpfs") and (APT_LISTS + "/").startswith(mount.target.rstrip("/") + "/")
        for mount in step.mounts
    )
