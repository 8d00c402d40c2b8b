"""The stages of a Dockerfile, seen just well enough to choose a target; the build plan reads them properly."""

from __future__ import annotations

from analyzers import regexes as re

FROM = re.compile(r"^[ \t]*FROM[ \t]+(?:--[^\s]+[ \t]+)*([^\s]+)(?:[ \t]+AS[ \t]+([^\s]+))?", re.I | re.M)
COPY = re.compile(r"^[ \t]*(?:COPY|ADD)[ \t]+([^\n]*)", re.I | re.M)
PYTHON = re.compile(r"\b(?:python3?|pip3?|uv|poetry|pipenv|pdm|gunicorn|uvicorn|django|flask|fastapi|celery)\b", re.I)


def names(text: str) -> list[str]:
    """Stage names in order, lower case; "" for a stage without one."""
    return [(match[2] or "").lower() for match in FROM.finditer(text)]


def has_from(text: str) -> bool:
    return FROM.search(text) is not None


def index_of(stage: str | None, found: list[str]) -> int | None:
    """The stage's number; None (no stage asked for) is the last; a name that does not exist gives None."""
    if stage is None or stage == "":
        return len(found) - 1
    if stage.lower() in found:
        return len(found) - 1 - found[::-1].index(stage.lower())
    return int(stage) if stage.isdigit() and int(stage) < len(found) else None


def copied(text: str) -> list[str]:
    """Sources that COPY and ADD take from the context, as written, without those that hold a variable."""
    found: list[str] = []
    for match in COPY.finditer(text):
        line = match[1].strip()
        if "--from=" in line or "<<" in line or "$" in line:
            continue
        words = [word.strip('[],"') for word in line.split() if not word.startswith("--")]
        found += [word for word in words[:-1] if word and "://" not in word]
    return found


def about_python(text: str) -> bool:
    return PYTHON.search(text) is not None
