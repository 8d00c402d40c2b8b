"""
The build context should be small: only what the image takes should be there to take.

## What it checks

The bytes, after the ignore rules, that some copy or bind mount of the target can take.

- **Pass:** under 10 MB, or at least 80 % of the bytes are taken by name.
- **Partial:** under 100 MB.
- **Fail:** 100 MB or more, or over 10 MB with a whole-context copy of which the Git history is more than half. A
  history of unknown size that enters allows partial at best.

1 MB is 10^6 bytes. What a whole-context copy takes too does not count as taken by name.

## Why it matters

BuildKit sends what copies ask for, older builders send everything. Either way each byte is hashed before the first
step runs, is compared on every build, and, for a remote builder, crosses the network. Large contexts also change more
often: a log file or a local database in it breaks the cache of `COPY . .` on each build.

## How to fix

Before:

```dockerfile
COPY . /srv
```

After:

```dockerfile
COPY pyproject.toml uv.lock /srv/
COPY src /srv/src
```

with a `.dockerignore` that starts from nothing:

```text
*
!pyproject.toml
!uv.lock
!src
```

## Traps

- Git LFS files, test data and notebooks are the usual weight. Look at the ten largest entries first.
- An ignore file in the repository's root does nothing for a build whose context is a subfolder.
- `.git` grows for ever: a context that is small today is not small in two years.
"""

from __future__ import annotations

from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.context import BuildContext
from analyzers.check import check
from analyzers.checks._decide import Case
from analyzers.checks._dockerfile import fence
from analyzers.results import EvidenceLevel, Result, unknown

MB = 1_000_000
SMALL_BYTES, LARGE_BYTES = 10 * MB, 100 * MB
BY_NAME_SHARE = 0.8


@check(
    order=14,
    weight=2,
    strongest=EvidenceLevel.MEASURED,
    title="The build context is small",
    failure_title="The build context is larger than it needs to be",
)
def context(plan: BuildPlan, sent: BuildContext) -> Result:
    if sent.missing:
        return unknown(f"The build context `{sent.path}` is not in this repository")
    case = Case()
    _judge(case, plan, sent)
    for entry in sent.largest:
        case.note(f"{size(entry.size_bytes)} in `{entry.path}`", entry.path)
    return case.decide(f"Copies can take {_total(sent)} of the context{_share(sent)}", fix=_fix(sent))


def _judge(case: Case, plan: BuildPlan, sent: BuildContext) -> None:
    whole = next((copy for copy in sent.copies if copy.whole), None)
    place = (plan.target.dockerfile, whole.line, whole.end_line) if whole else (plan.target.dockerfile, None, None)
    total, history = sent.size_bytes, sent.vcs_bytes
    if total >= LARGE_BYTES:
        case.fail(f"copies can take {_total(sent)} of the context", *place)
    elif whole and total > SMALL_BYTES and history is not None and history * 2 > total:
        case.fail(f"the Git history is {size(history)} of the {_total(sent)} that the whole-context copy takes", *place)
    elif history is None:
        case.lower(f"the Git history enters with unknown size, beside {_total(sent)} of files", *place)
    elif total >= SMALL_BYTES and sent.by_name_bytes < BY_NAME_SHARE * total:
        case.lower(f"copies can take {_total(sent)} of the context, most of it not by name", *place)


def size(size_bytes: int) -> str:
    """In decimal units, as a person reads them: "12.4 MB", "3 kB"."""
    if size_bytes >= MB:
        return f"{size_bytes / MB:.1f} MB"
    return f"{size_bytes / 1000:.0f} kB" if size_bytes >= 1000 else f"{size_bytes} bytes"


def _total(sent: BuildContext) -> str:
    return f"{'at least ' if sent.at_least else ''}{size(sent.size_bytes)}"


def _share(sent: BuildContext) -> str:
    if sent.size_bytes < SMALL_BYTES:
        return ""
    return f", {100 * sent.by_name_bytes // sent.size_bytes} % of it by name"


def _fix(sent: BuildContext) -> str:
    patterns = [".git"] if sent.vcs_bytes != 0 else []
    patterns += [_below(sent, entry.path) for entry in sent.largest[:5] if entry.path != ".git"]
    where = sent.ignore_file or ".dockerignore"
    text = f"Keep out what the image does not need. In `{where}`, as far as these are not needed:"
    return f"{text}\n\n{fence(chr(10).join(dict.fromkeys(patterns)), 'text')}\n\nOr name in COPY what is taken."


def _below(sent: BuildContext, path: str) -> str:
    folder = sent.path.strip("./")
    return path.removeprefix(f"{folder}/") if folder else path
