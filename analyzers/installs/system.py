"""Operating system packages: apt, apk, yum and its family, zypper."""

from __future__ import annotations

from analyzers import regexes as re
from analyzers.artifacts.installs import InstallKind
from analyzers.installs.arguments import Arguments, split
from analyzers.installs.runs import Call, Run, names

MANAGERS = {
    "apt": "apt",
    "apt-get": "apt",
    "aptitude": "apt",
    "apk": "apk",
    "yum": "yum",
    "dnf": "dnf",
    "dnf5": "dnf",
    "microdnf": "microdnf",
    "tdnf": "dnf",
    "zypper": "zypper",
}
_VALUED = {
    "apt": {"-o", "--option", "-t", "--target-release", "--default-release", "-c", "--config-file", "-a"},
    "apk": {"-t", "--virtual", "-X", "--repository", "-p", "--root", "--keys-dir", "--repositories-file", "--wait"},
    "zypper": {"--root", "-R", "--gpg-auto-import-keys-dir", "-r", "--repo", "-t", "--type"},
}
_RPM_VALUED = {
    "-c",
    "--config",
    "-x",
    "--exclude",
    "--releasever",
    "--installroot",
    "--setopt",
    "--repo",
    "--enablerepo",
}
_INSTALLING = {
    "apt": {"install", "build-dep", "upgrade", "dist-upgrade", "full-upgrade", "satisfy"},
    "apk": {"add", "upgrade"},
    "zypper": {"install", "in", "update", "up", "patch", "dist-upgrade", "dup"},
}
_RPM_INSTALLING = {"install", "update", "upgrade", "groupinstall", "localinstall", "reinstall", "distro-sync", "module"}
_REFRESHING = {"update", "makecache", "check-update", "refresh", "ref"}
_REMOVING = {"remove", "purge", "autoremove", "auto-remove", "autopurge", "del", "erase", "rm"}
_RECOMMENDS = re.compile(r"apt::install-recommends\s*[= ]\s*[\"']?(?:0|false|no)", re.IGNORECASE)


def arguments(call: Call) -> tuple[str, Arguments]:
    """The manager and its words, ("", …) where the call is none of these."""
    manager = MANAGERS.get(call.name, "")
    return manager, split(call.words, _VALUED.get(manager, _RPM_VALUED))


def read(call: Call) -> Run | None:
    manager, words = arguments(call)
    if not manager:
        return None
    if words.verb in _INSTALLING.get(manager, _RPM_INSTALLING):
        return Run(
            manager,
            InstallKind.SYSTEM,
            _packages(words) if "upgrade" not in words.verb else (),
            cache_off="--no-cache" if manager == "apk" and words.has("--no-cache") else "",
            recommends=manager == "apt" and words.verb == "install" and not _without_recommends(words),
            virtual=words.value("-t", "--virtual") if manager == "apk" else "",
        )
    if words.verb in _REFRESHING:
        return Run(manager, InstallKind.REFRESH)
    return None


def _packages(words: Arguments) -> tuple[str, ...]:
    """Names without versions and releases (`x/stable`); package files stay paths."""
    plain = (word if word.startswith((".", "/")) else word.partition("/")[0] for word in words.operands)
    return names(tuple(plain))


def turns_recommends_off(text: str) -> bool:
    """A line of apt configuration that does."""
    return _RECOMMENDS.search(text[:10_000]) is not None


def _without_recommends(words: Arguments) -> bool:
    settings = words.values("-o", "--option")
    return words.has("--no-install-recommends", "-R", "--without-recommends") or any(
        turns_recommends_off(setting) for setting in settings
    )


def removes(call: Call) -> tuple[str, ...] | None:
    """The packages that it removes ("*" for those nothing needs any more); None where it removes none."""
    manager, words = arguments(call)
    if not manager or words.verb not in _REMOVING:
        return None
    unneeded = "auto" in words.verb or words.has("--auto-remove", "--autoremove")
    return (*_packages(words), *(("*",) if unneeded else ()))


def marks_all_automatic(call: Call) -> bool:
    """`apt-mark auto '.*'`: everything that nothing else needs will go with the next auto-remove."""
    return call.name == "apt-mark" and call.words[:1] == ("auto",) and ".*" in call.words
