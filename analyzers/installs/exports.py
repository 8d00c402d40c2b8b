"""Requirement files that a command writes from a lock: `poetry export`, `uv export`, `pipenv requirements`."""

from __future__ import annotations

from analyzers.artifacts.installs import InstallKind
from analyzers.installs.arguments import option_names, split
from analyzers.installs.runs import Call, Run

_VALUED = option_names(
    "-o --output --output-file -f --format --with --without --only -E --extras --extra --group --no-group "
    "--only-group --package --directory -C --project -p -G --python"
)
_LOCKS = {"uv": "uv.lock", "poetry": "poetry.lock", "pdm": "pdm.lock"}
_TO = (">", ">>", "1>", ">|")


def read(call: Call, redirects: tuple[str, ...]) -> tuple[str, Run] | None:
    """The file written, and the run that reads what it was written from; None where nothing is exported."""
    words = split(call.words, _VALUED)
    if call.name == "pipenv" and words.verb in ("requirements", "lock"):
        implied: tuple[str, ...] = ("Pipfile", "Pipfile.lock")
    elif call.name in _LOCKS and words.verb == "export":
        implied = ("pyproject.toml", _LOCKS[call.name])
    else:
        return None
    output = words.value("-o", "--output", "--output-file") or _redirected(redirects)
    run = Run(
        call.name,
        InstallKind.DEPENDENCY,
        implied=implied,
        folder=words.value("--directory", "-C", "--project", "-p"),
        package=words.value("--package"),
    )
    return (output, run) if output else None


def _redirected(redirects: tuple[str, ...]) -> str:
    pairs = (redirect.partition(" ") for redirect in redirects)
    return next((target for operator, _, target in pairs if operator in _TO), "")
