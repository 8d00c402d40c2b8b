"""
Downloads of package managers should be kept in a cache mount between builds.

## What it checks

Each `RUN` with a package manager that downloads something, in every stage that the target reaches; named tools and
upgrades of pip count as well, offline installs and a mere `apt-get update` do not.

- **Pass:** each has `--mount=type=cache` at the manager's real cache path for the user that runs it.
- **Partial:** some have; or a path is wrong, an option such as `--no-cache-dir` defeats the mount, Debian's
  `docker-clean` hook empties it, or an apt cache mount is not `sharing=locked`.
- **Fail:** none has.
- **Not applicable:** nothing is downloaded.

## Why it matters

A changed manifest runs its layer again, and without a mount every package comes over the network again, changed or
not. With a mount only the new one does. The cache stays on the builder, outside the image, so nothing is lost in size.

## How to fix

Before:

```dockerfile
RUN pip install --no-cache-dir -r requirements.txt
```

After:

```dockerfile
RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt
```

For apt, keep Debian's hook from emptying the cache, and lock it:

```dockerfile
RUN rm -f /etc/apt/apt.conf.d/docker-clean
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\
    --mount=type=cache,target=/var/lib/apt,sharing=locked \\
    apt-get update && apt-get install --yes --no-install-recommends libpq5
```

## Traps

- `--no-cache-dir` and `PIP_NO_CACHE_DIR` switch off the very cache that the mount keeps. Drop them.
- The path follows the user: after `USER worker` it is `/home/worker/.cache/pip`, and the mount needs `uid=`.
- apt takes an exclusive lock. Two parallel builds on a shared mount without `sharing=locked` break each other.
"""

from __future__ import annotations

from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.installs import Install, InstallKind, Installs
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._dockerfile import at, fence, installs_in, lines_of, short, unread_in
from analyzers.results import EvidenceLevel, Result, not_applicable


@check(
    order=12,
    weight=2,
    strongest=EvidenceLevel.MEASURED,
    title="Package downloads are kept in cache mounts",
    failure_title="Package downloads are not kept in cache mounts",
)
def mounts(plan: BuildPlan, installs: Installs) -> Result:
    found = [install for install in installs.all if _downloads(plan, install)]
    case = Case()
    for stage in plan.reached_stages():
        for step, why in unread_in(stage.steps, installs):
            if not installs_in(installs, step):
                case.doubt(f"a RUN may download packages, which cannot be told: {why}", *at(plan, step))
    if not found and not case.doubts:
        return not_applicable("No package manager downloads anything")
    tried = any(_has_mount(install) for install in found)
    for install in found:
        if reason := _lacks(install):
            judge = case.lower if tried else case.fail
            judge(f"{short(install.command)} {reason}", *at(plan, install))
    return case.decide(f"Every download has its cache mount ({lines_of(found)})", fix=_fix(found))


def _downloads(plan: BuildPlan, install: Install) -> bool:
    return install.downloads and install.kind is not InstallKind.REFRESH and install.stage in plan.reached


def _has_mount(install: Install) -> bool:
    return install.cache_mounted or install.cache_mount_wrong


def _lacks(install: Install) -> str:
    """What keeps the install from using a cache mount, "" where one works."""
    if not _has_mount(install):
        return "has no cache mount"
    if not install.cache_mounted:
        expected = f", which is `{install.caches[0]}`" if install.caches else ""
        return f"has a cache mount that misses the {install.manager} cache{expected}"
    if install.cache_off:
        return f"has a cache mount, but `{install.cache_off}` switches the cache off"
    if install.docker_clean:
        return "has a cache mount, but the base's `docker-clean` hook empties it"
    if install.manager == "apt" and not install.sharing_locked:
        return "has a cache mount without `sharing=locked`, which apt needs"
    return ""


def _fix(found: list[Install]) -> str:
    parts = []
    for install in found:
        if _lacks(install):
            parts.append(f"Line {install.line}:\n\n{fence(_mounted(install))}")
    return "\n\n".join(parts)


def _mounted(install: Install) -> str:
    command = install.command
    for option in ("--no-cache-dir", "--no-cache"):
        command = command.replace(f" {option}", "")
    if install.manager == "apt":
        return (
            "RUN rm -f /etc/apt/apt.conf.d/docker-clean\n"
            "RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\\n"
            f"    --mount=type=cache,target=/var/lib/apt,sharing=locked \\\n    apt-get update && {command}"
        )
    cache = install.caches[0] if install.caches else "CACHE"
    return f"RUN --mount=type=cache,target={cache} \\\n    {command}"
