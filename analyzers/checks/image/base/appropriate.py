"""
The final image should start from a base that holds what running needs and little else.

## What it checks

The external base of the final image: the image named by the last `FROM` in the chain of stages that the target is
built from. Stages from which files are only copied do not count.

- **Pass:** a slim, alpine, distroless, Chainguard, Wolfi, minimal or micro variant, `busybox`, `scratch`, or a CUDA
  image without the compilers.
- **Partial:** a plain distribution (`debian`, `ubuntu`, `fedora`, `ubi9`), or an image whose name tells nothing.
- **Fail:** the full variant of a language image (`python:3.13`, `node:24`, `buildpack-deps`), or a `-devel` image.

## Why it matters

The full `python` image is about 1 GB, `python:3.13-slim` about 120 MB. The difference is compilers, headers, version
control and database clients that a running service never calls. Every node that pulls the image pays for it at each
deployment, and every one of those packages shows up in the next vulnerability scan.

## How to fix

Before:

```dockerfile
FROM python:3.13
COPY . /srv
```

After:

```dockerfile
FROM python:3.13-slim
COPY . /srv
```

Where a package has to be compiled, keep the full image in a builder stage and copy the result:

```dockerfile
FROM python:3.13 AS wheels
COPY requirements.txt .
RUN pip wheel --wheel-dir /wheels -r requirements.txt

FROM python:3.13-slim
RUN --mount=type=bind,from=wheels,source=/wheels,target=/wheels \\
    pip install --no-cache-dir --no-index --find-links /wheels /wheels/*.whl
```

## Traps

- A full image in a *builder* stage is fine: it does not reach the image that runs.
- Slim images have no `curl`, `wget` or `git`. A health check that calls one of them starts to fail.
- Alpine uses musl. Packages without musl wheels are compiled on each build, which costs more time than the smaller
  base saves; for Python, slim is the safer default.
"""

from __future__ import annotations

from analyzers.artifacts.bases import Base, Bases
from analyzers.artifacts.build_plan import BuildPlan, Stage
from analyzers.artifacts.deployment import Deployment
from analyzers.artifacts.missing import Missing
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._dockerfile import fence, listed
from analyzers.checks.image._tools import calls_of
from analyzers.checks.image._variants import SLIM, slimmer, tools_lost, variant
from analyzers.results import EvidenceLevel, Result, passed, unknown

_KINDS = {
    "distribution": "a plain distribution",
    "service": "built on a plain distribution",
    "server": "built on a plain distribution",
}


@check(
    order=1,
    weight=3,
    strongest=EvidenceLevel.BUILT,
    title="The final image starts from a slim base",
    failure_title="The final image starts from a larger base than it needs",
)
def appropriate(plan: BuildPlan, bases: Bases, deployment: Deployment | Missing) -> Result:
    stage = plan.final_base
    if bases.final_scratch:
        return passed(f"The final image starts from scratch (line {stage.line})")
    if bases.final is None:
        written = stage.base_image.text if stage.base_image else "?"
        return unknown(f"The base of the final image is `{written}` (line {stage.line}), which has no value here")
    case = Case()
    _judge(case, plan, stage, bases.final)
    name = bases.final.image.name
    return case.decide(
        f"`{name}` is {_described(variant(bases.final))} (line {stage.line})",
        fix=_fix(plan, stage, bases.final, deployment),
    )


def _judge(case: Case, plan: BuildPlan, stage: Stage, base: Base) -> None:
    found, name = variant(base), base.image.name
    place = (plan.target.dockerfile, stage.line, stage.line)
    kind = base.facts.kind if base.facts else ""
    if found in SLIM:
        return
    if found == "devel":
        case.fail(f"`{name}` carries the whole CUDA toolchain, which running does not need", *place)
    elif found == "full" and kind in ("language", "server"):
        case.fail(f"`{name}` is the full image, with compilers and headers that running does not need", *place)
    elif found == "plain":
        case.lower(f"`{name}` is {_KINDS.get(kind, 'not a slim variant')}", *place)
    else:
        case.lower(f"nothing in the name `{name}` tells that it is a slim variant", *place)


def _described(found: str) -> str:
    article = "an" if found == "alpine" else "a"
    return "a runtime image without compilers" if found == "runtime" else f"{article} {found} variant"


def _fix(plan: BuildPlan, stage: Stage, base: Base, deployment: Deployment | Missing) -> str:
    text = f"On line {stage.line}, start from a slimmer image"
    before = f"FROM {base.image.text}"
    change = fence(f"# before\n{before}\n# after\n{before.replace(base.image.text, slimmer(base))}")
    return f"{text}:\n\n{change}\n\n{_warning(plan, base, deployment)}".rstrip()


def _warning(plan: BuildPlan, base: Base, deployment: Deployment | Missing) -> str:
    """What would stop working on the slimmer base, and where it is called."""
    calls = calls_of(plan, deployment, tools_lost(base))
    if not calls:
        return "Packages without wheels then need a builder stage with a compiler; run the image's tests once."
    places = "; ".join(f"`{tool}` is called by {where}" for tool, where in calls.items())
    return f"The slimmer base does not have {listed(calls)}: {places}. Install what is really needed there."
