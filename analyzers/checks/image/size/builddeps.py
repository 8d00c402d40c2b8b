"""
What only building needs should not be in the image that runs.

## What it checks

What the final image installs, and what it copies from other stages: a virtual environment that is copied brings all
its packages, development groups included.

- **Fail:** compilers, `build-essential` or development dependencies (test runners, linters) are in the final image
  and not removed in the same `RUN`. Development groups count where the manifest has one and the command does not
  exclude it; uv, Poetry, PDM, npm and Bun install them by default.
- **Partial:** `git` without a requirement that is fetched by it and without a call at run time, or headers (`-dev`
  packages) without a compiler.
- **Pass:** none of these. An upgraded pip or a left `uv` binary is only mentioned.

## Why it matters

A compiler with its headers is 200 to 300 MB, and it is what an intruder needs next. Test tools bring dozens of
packages that nobody updates for security, because "they are only for development".

## How to fix

Before:

```dockerfile
FROM python:3.13-slim
RUN apt-get update && apt-get install --yes gcc libpq-dev && rm -rf /var/lib/apt/lists/*
RUN uv sync --frozen
```

After:

```dockerfile
FROM python:3.13-slim AS builder
RUN apt-get update && apt-get install --yes gcc libpq-dev && rm -rf /var/lib/apt/lists/*
RUN uv sync --frozen --no-dev

FROM python:3.13-slim
RUN apt-get update && apt-get install --yes --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*
COPY --from=builder /srv/.venv /srv/.venv
```

## Traps

- Removing the compiler in a *later* `RUN` frees nothing: the earlier layer keeps it.
- `libpq-dev` builds the driver, `libpq5` runs it. Dropping the first without the second breaks at import.
- `uv sync` and `poetry install` include the `dev` group unless told `--no-dev` or `--without dev`.
"""

from __future__ import annotations

from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.code import Code
from analyzers.artifacts.dependencies import Dependencies
from analyzers.artifacts.installs import Install, InstallKind, Installs
from analyzers.artifacts.missing import Missing
from analyzers.check import check
from analyzers.checks._build_tools import is_compiler, is_development_tool, is_header
from analyzers.checks._decide import Case
from analyzers.checks._dockerfile import fence, listed, short
from analyzers.checks.image._leftovers import judge_leftovers, remaining
from analyzers.results import EvidenceLevel, Result

_WITHOUT_DEV = {
    "uv": "--no-dev",
    "poetry": "--only main",
    "pdm": "--prod",
    "npm": "--omit=dev",
    "bun": "--production",
    "pnpm": "--prod",
    "yarn": "--production",
    "composer": "--no-dev",
}


@check(
    order=8,
    weight=2,
    strongest=EvidenceLevel.BUILT,
    title="Build dependencies stay out of the final image",
    failure_title="Build dependencies stay in the final image",
)
def builddeps(
    plan: BuildPlan, installs: Installs, dependencies: Dependencies | Missing, code: Code | Missing
) -> Result:
    case = Case()
    judge_leftovers(case, plan, installs, dependencies, code)
    return case.decide(
        "The final image installs no compiler, headers or development dependencies",
        fix="\n\n".join(part for install in installs.all if install.reaches_final for part in _fix(install)),
    )


def _fix(install: Install) -> list[str]:
    parts = []
    if install.dev_groups:
        parts.append(_without_groups(install))
    unwanted = [package for package in remaining(install) if _is_unwanted(install, package)]
    if unwanted:
        parts.append(
            f"Line {install.line}: install {listed(unwanted)} in a builder stage and copy only the result:\n\n"
            + fence(f"FROM … AS builder\nRUN {install.command}\n…\nFROM …\nCOPY --from=builder /srv/.venv /srv/.venv")
        )
    return parts


def _is_unwanted(install: Install, package: str) -> bool:
    if install.kind is InstallKind.SYSTEM:
        return is_compiler(package) or is_header(package) or package == "git"
    return install.kind is InstallKind.TOOL and is_development_tool(package)


def _without_groups(install: Install) -> str:
    option = _WITHOUT_DEV.get(install.manager)
    if option is None:
        return f"Line {install.line}: {short(install.command)} reads {listed(install.dev_groups)}; leave it out."
    return f"Line {install.line}: leave the development group out:\n\n" + fence(f"RUN {install.command} {option}")
