"""
Dependencies should be installed from manifests that are copied on their own, before the sources.

## What it checks

Each dependency install (pip, uv, Poetry, Pipenv, PDM, conda, npm, Yarn, pnpm, Bun, Go, Cargo, Bundler, Composer) in
the stages that the target reaches: the manifests and locks that it reads have to be copied or bind-mounted on their
own, with no sources before them.

- **Pass:** all installs are like this.
- **Partial:** some are, or the copy of a manifest drags sources along.
- **Fail:** none is.
- **Not applicable:** nothing is installed from a manifest.

## Why it matters

Installing dependencies is usually the slowest step of a build, and dependencies change rarely. Where the manifest
arrives alone, the layer is reused until the manifest changes. Where it arrives with the sources, each edited line
costs a full install.

## How to fix

Before:

```dockerfile
COPY . /srv
RUN pip install --no-cache-dir -r /srv/requirements.txt
```

After:

```dockerfile
COPY requirements.txt /srv/
RUN pip install --no-cache-dir -r /srv/requirements.txt
COPY . /srv
```

With uv, mount the manifests and leave the project itself for later:

```dockerfile
RUN --mount=type=bind,source=pyproject.toml,target=pyproject.toml \\
    --mount=type=bind,source=uv.lock,target=uv.lock \\
    uv sync --frozen --no-dev --no-install-project
COPY src ./src
RUN uv sync --frozen --no-dev
```

## Traps

- A second, separate copy of the manifest after `COPY . .` does not help.
- `pip install .` needs the sources. Install the dependencies first, then the project with `--no-deps`.
- Files that requirements include with `-r` or `-c` have to be copied too.
"""

from __future__ import annotations

from collections.abc import Sequence

from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.context import BuildContext, ContextCopy
from analyzers.artifacts.dependencies import Dependencies
from analyzers.artifacts.installs import Install, Installs
from analyzers.artifacts.missing import Missing
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._dockerfile import at, fence, in_context, installs_in, lines_of, short, unread_in
from analyzers.checks._order import copies_before, dependency_installs, is_named_member, runs_script_of
from analyzers.results import EvidenceLevel, Result, not_applicable

_SET_UP = frozenset({"docker", "rootfs", "deploy", "nginx", "conf", "config", "etc", "s6", "supervisor", "entrypoints"})
# What each manager reads where the manifest is not in the tree.
_MANIFESTS = {
    "npm": "package.json package-lock.json",
    "yarn": "package.json yarn.lock",
    "pnpm": "package.json pnpm-lock.yaml",
    "bun": "package.json bun.lock",
    "uv": "pyproject.toml uv.lock",
    "poetry": "pyproject.toml poetry.lock",
    "go": "go.mod go.sum",
    "cargo": "Cargo.toml Cargo.lock",
}


@check(
    order=10,
    weight=3,
    strongest=EvidenceLevel.MEASURED,
    title="Dependencies are cached apart from the sources",
    failure_title="A source edit installs the dependencies again",
)
def dependencies(
    plan: BuildPlan, installs: Installs, context: BuildContext, requirements: Dependencies | Missing
) -> Result:
    found = dependency_installs(plan, installs)
    case = Case()
    _doubt(case, plan, installs)
    if not found and not case.doubts:
        return not_applicable("Nothing is installed from a dependency manifest")
    spoiled = {install: _spoilers(plan, context, install) for install in found}
    members = [i for i, copies in spoiled.items() if copies and _drags(context, requirements, i, copies)]
    none = not any(install in members or not copies for install, copies in spoiled.items())
    for install in found:
        if spoiled[install]:
            judge = case.fail if none else case.lower
            judge(_why(install, spoiled[install][0]), *at(plan, install))
    kept = f"The manifests of the installs on {lines_of(found)} arrive before any source"
    return case.decide(kept, fix=_fix(plan, {install: copies for install, copies in spoiled.items() if copies}))


def _spoilers(plan: BuildPlan, context: BuildContext, install: Install) -> list[ContextCopy]:
    """Source copies whose change repeats the install; the image's own set-up is not what a source edit touches."""
    copies = [copy for copy in copies_before(plan, context, install) if copy.source and copy.code]
    return [copy for copy in copies if not runs_script_of(install, copy) and not _is_set_up(copy)]


def _is_set_up(copy: ContextCopy) -> bool:
    """Only folders of the image's own configuration: `docker/rootfs`, `deploy/nginx`."""
    parts = [frozenset(source.strip("./").split("/")) for source in copy.sources]
    return bool(parts) and all(_SET_UP & folders for folders in parts)


def _drags(
    context: BuildContext, requirements: Dependencies | Missing, install: Install, copies: Sequence[ContextCopy]
) -> bool:
    """The manifests are named, and what comes with them is a local dependency or stands in the same copy."""
    return all(is_named_member(c, context, requirements) or _names_manifest(c, install) for c in copies)


def _names_manifest(copy: ContextCopy, install: Install) -> bool:
    names = {manifest.rpartition("/")[2] for manifest in install.manifests}
    return not copy.whole and any(source.rpartition("/")[2] in names for source in copy.sources)


def _why(install: Install, copy: ContextCopy) -> str:
    what = "the whole context" if copy.whole else f"`{copy.sources[0]}`"
    verb = "is mounted into it" if copy.mount else f"is copied before it on line {copy.line}"
    return f"{short(install.command)} runs again after every source edit: {what} {verb}"


def _doubt(case: Case, plan: BuildPlan, installs: Installs) -> None:
    for stage in plan.reached_stages():
        for step, why in unread_in(stage.steps, installs):
            if not installs_in(installs, step):
                case.doubt(f"a RUN may install dependencies, which cannot be told: {why}", *at(plan, step))


def _fix(plan: BuildPlan, spoiled: dict[Install, list[ContextCopy]]) -> str:
    parts = []
    for install, copies in spoiled.items():
        manifests = " ".join(in_context(plan, install.manifests)) or _MANIFESTS.get(install.manager, "requirements.txt")
        sources = f"COPY {' '.join(copies[-1].sources)} {copies[-1].destination}"
        block = fence(f"COPY {manifests} ./\nRUN {install.command}\n{sources}")
        parts.append(f"Line {install.line}: copy what it reads on its own, and the sources after it:\n\n{block}")
    return "\n\n".join(parts)
