"""
The build should ask for what BuildKit offers: mounts, links, here-documents, cache backends.

## What it checks

- **Pass:** the Dockerfile has a `# syntax=` line of the 1.x frontend or uses a BuildKit-only feature (`RUN --mount`,
  `COPY --link`, `--chmod`, `--parents` or `--exclude`, here-documents, automatic platform arguments), or the builds
  seen in CI, Compose or bake files use buildx with a cache backend.
- **Partial:** CI only builds with buildx or `DOCKER_BUILDKIT=1`.
- **Fail:** none of these, or `DOCKER_BUILDKIT=0` anywhere.

## Why it matters

BuildKit has been Docker's default builder since version 23, yet most Dockerfiles still use it like the one before.
Cache mounts keep downloads between builds, bind mounts read files without a layer, `--link` lets a layer survive a
changed base, and a cache backend gives a fresh CI machine the layers of the last build.

## How to fix

Before:

```dockerfile
FROM python:3.13-slim
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
```

After:

```dockerfile
# syntax=docker/dockerfile:1
FROM python:3.13-slim
RUN --mount=type=cache,target=/root/.cache/pip \\
    --mount=type=bind,source=requirements.txt,target=/tmp/requirements.txt \\
    pip install -r /tmp/requirements.txt
```

## Traps

- The `# syntax=` line has to be the first line, or it is an ordinary comment.
- Cache mounts live on the machine that builds. On CI machines that are thrown away, a cache *backend*
  (`--cache-to`, `--cache-from`) is what helps.
- `DOCKER_BUILDKIT=0` in an old script switches all of it off, and the build fails on `--mount`.
"""

from __future__ import annotations

from analyzers.artifacts.automation import Automation
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.missing import Missing
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._dockerfile import fence
from analyzers.checks.build.cache._features import features
from analyzers.results import EvidenceLevel, Result


@check(
    order=11,
    weight=1,
    strongest=EvidenceLevel.STATIC,
    title="The build uses BuildKit's features",
    failure_title="The build asks for nothing that BuildKit offers",
)
def buildkit(plan: BuildPlan, automation: Automation | Missing) -> Result:
    case = Case()
    case.notes.extend(dict.fromkeys(features(plan)))
    summary = f"{case.notes[0].message} (line {case.notes[0].line})" if case.notes else ""
    if isinstance(automation, Missing):
        if not case.notes:
            case.doubt(
                f"the Dockerfile uses no BuildKit feature, and how it is built cannot be told: {automation.reason}"
            )
    else:
        _judge_disabled(case, automation)
        summary = summary or _judge_builds(case, plan, automation)
    return case.decide(summary[:1].upper() + summary[1:] or "BuildKit is used", fix=_fix(case))


def _judge_disabled(case: Case, automation: Automation) -> None:
    places = [*automation.buildkit_disabled, *((b.path, b.line) for b in automation.builds if b.buildkit_env == "0")]
    for path, line in dict.fromkeys(places):
        case.fail(f"`{path}` switches BuildKit off with `DOCKER_BUILDKIT=0`", path, line)


def _judge_builds(case: Case, plan: BuildPlan, automation: Automation) -> str:
    """The summary of a pass by a cache backend; else what the builds lack is added to the case."""
    backend = next((build for build in automation.builds if build.cache_backend), None)
    if backend is not None:
        case.note(f"`{backend.path}` builds with a cache backend", backend.path, backend.line)
        return f"`{backend.path}` builds with BuildKit and a cache backend (line {backend.line})"
    modern = next((build for build in automation.builds if build.buildx or build.buildkit_env == "1"), None)
    if modern is not None:
        message = f"`{modern.path}` builds with BuildKit, but nothing asks for its cache or features"
        case.lower(message, modern.path, modern.line)
    else:
        case.fail("the Dockerfile asks for nothing that BuildKit offers", plan.target.dockerfile, 1)
    return ""


def _fix(case: Case) -> str:
    disabled = [finding for finding in case.failures if "switches BuildKit off" in finding.message]
    text = "".join(
        f"Remove `DOCKER_BUILDKIT=0` from `{finding.path}`, line {finding.line}.\n\n" for finding in disabled
    )
    if case.notes:
        return text.strip()
    return f"{text}Begin the Dockerfile with a syntax line, and give package downloads a cache mount:\n\n" + fence(
        "# syntax=docker/dockerfile:1\n…\nRUN --mount=type=cache,target=/root/.cache/pip pip install …"
    )
