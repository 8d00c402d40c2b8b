"""
An ignore file should keep out of the build what never belongs in the image.

## What it checks

The ignore file in force (`<Dockerfile>.dockerignore`, else `.dockerignore` at the context's root), evaluated as
Docker does, against the real tree and against paths that turn up on a developer's machine: `.git`, virtual
environments, `node_modules`, `__pycache__`, `.env` and files that look like keys. Only what some copy or bind mount of
the target can take counts.

- **Pass:** none of these can enter the image.
- **Partial:** one of them would.
- **Fail:** the whole context is copied and there is no ignore file.
- **Not applicable:** nothing is copied from the context.

## Why it matters

`COPY . .` takes what lies there on the day of the build. On a clean CI checkout that is harmless; on a laptop it is
the `.env` with the production password, a virtual environment for another platform, and the whole Git history, where
deleted secrets live on. All of it is then in a layer that everybody with access to the registry can read.

## How to fix

Before:

```dockerfile
COPY . /srv
```

After, with a `.dockerignore` at the root of the context:

```text
.git
.env*
!.env.example
**/__pycache__
**/.venv
**/node_modules
```

Better still, turn it round and let in only what the image needs:

```text
*
!pyproject.toml
!src
```

## Traps

- A pattern without `**/` matches at the context's root only: `__pycache__` does not match `src/__pycache__`.
- The file belongs at the root of the *context*, not beside the Dockerfile where the two differ.
- Later patterns win, so an exception (`!`) has to stand below what it excepts from.
"""

from __future__ import annotations

from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.context import BuildContext, Probe
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._dockerfile import at, fence, listed
from analyzers.results import EvidenceLevel, Result, not_applicable, unknown

_WHAT = {
    "vcs": "the Git history",
    "virtualenv": "a virtual environment",
    "node_modules": "installed node modules",
    "bytecode": "byte-code folders",
    "env_file": "an environment file",
    "secret": "a file that looks like a key or credential",
}
_PATTERNS = {
    "vcs": (".git",),
    "virtualenv": ("**/.venv", "**/venv"),
    "node_modules": ("**/node_modules",),
    "bytecode": ("**/__pycache__",),
    "env_file": ("**/.env",),
}


@check(
    order=7,
    weight=2,
    strongest=EvidenceLevel.STATIC,
    title="The ignore file keeps unwanted files out",
    failure_title="Unwanted files can enter the image",
)
def dockerignore(plan: BuildPlan, context: BuildContext) -> Result:
    if context.missing:
        return unknown(f"The build context `{context.path}` is not in this repository")
    if not context.copies:
        return not_applicable("Nothing is copied from the build context")
    case = Case()
    _judge_absence(case, plan, context)
    for kind in _WHAT:
        _judge_probes(case, plan, [probe for probe in context.probes if probe.kind == kind and probe.enters])
    _note(case, context)
    kept = f"`{context.ignore_file}` keeps them out" if context.ignore_file else "copies by name take none of them"
    return case.decide(f"No unwanted file can enter the image: {kept}", fix=_fix(context))


def _judge_absence(case: Case, plan: BuildPlan, context: BuildContext) -> None:
    whole = next((copy for copy in context.copies if copy.whole), None)
    if whole is not None and context.ignore_file is None:
        verb = "mounted" if whole.mount else "copied"
        case.fail(f"the whole context is {verb} and there is no ignore file", *at(plan, whole))


def _judge_probes(case: Case, plan: BuildPlan, entering: list[Probe]) -> None:
    """One finding for each kind of unwanted file; tracked files that hold no secret are only mentioned."""
    harmless = [probe for probe in entering if probe.tracked and not probe.secret and _is_private(probe)]
    entering = [probe for probe in entering if probe not in harmless]
    for probe in harmless:
        case.note(f"`{probe.path}` enters the image; nothing in it looks secret", probe.path)
    if entering:
        first = entering[0]
        paths = listed(probe.path for probe in entering[:3])
        verb = "enter" if any(probe.tracked for probe in entering) else "would enter"
        line = first.copy_line
        case.lower(f"{_WHAT[first.kind]} {verb} the image: {paths}", plan.target.dockerfile, line)


def _is_private(probe: Probe) -> bool:
    return probe.kind in ("env_file", "secret")


def _note(case: Case, context: BuildContext) -> None:
    for path in context.ineffective_ignore_files:
        case.note(f"`{path}` has no effect on this build", path)
    for path in context.secrets_outside:
        case.note(f"`{path}` is tracked and looks secret, though no copy takes it", path)


def _fix(context: BuildContext) -> str:
    entering = [probe for probe in context.probes if probe.enters and not (probe.tracked and not probe.secret)]
    patterns = [pattern for probe in entering for pattern in _PATTERNS.get(probe.kind, (probe.path,))]
    block = fence("\n".join(dict.fromkeys(patterns or [".git", "**/.venv", "**/__pycache__", "**/.env"])), "text")
    if context.ignore_file:
        return f"Add to `{context.ignore_file}`:\n\n{block}"
    folder = "" if context.path in ("", ".") else f"{context.path}/"
    return f"Create `{folder}.dockerignore` with:\n\n{block}"
