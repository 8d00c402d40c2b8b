"""Dependabot's configuration, version 2 (docs.github.com, "Dependabot options reference")."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from analyzers import regexes as re
from analyzers.artifacts.automation import UpdateBot
from analyzers.automation.globs import matches
from analyzers.deploy.yaml_limits import Map, Seq, YamlError, child, load, texts
from analyzers.tree import Tree

PATHS = (".github/dependabot.yml", ".github/dependabot.yaml")
FILE_NAME = re.compile(r"dockerfile|containerfile", re.IGNORECASE)
NAME = "Dependabot"


def read(tree: Tree, dockerfile: str, images: frozenset[str] = frozenset()) -> Iterator[UpdateBot]:
    """`images`: repositories of the external images, held against `ignore`."""
    path = next((path for path in PATHS if tree.is_file(path)), None)
    text = tree.read_text(path) if path is not None else None
    if path is None or text is None:
        return
    try:
        document = load(text, path)
    except YamlError as error:
        yield UpdateBot(NAME, path, error.line, False, f"its configuration could not be read: {error}")
        return
    updates = child(document, "updates")
    entries = [entry for entry in updates if isinstance(entry, Map)] if isinstance(updates, Seq) else []
    docker = [entry for entry in entries if child(entry, "package-ecosystem") == "docker"]
    if not docker:
        yield UpdateBot(NAME, path, None, False, _without_docker(entries))
    for entry in docker:
        why = _why_not(entry, dockerfile, images)
        covered = ", ".join(_folders(entry)) or "/"
        told = why or f"its docker ecosystem covers {covered}, where the Dockerfile is"
        yield UpdateBot(NAME, path, entry.at("package-ecosystem").line, not why, told)


def _without_docker(entries: list[Map]) -> str:
    if any(child(entry, "package-ecosystem") == "docker-compose" for entry in entries):
        return "it has the docker-compose ecosystem, which does not read Dockerfiles, and no docker ecosystem"
    return "it has no docker ecosystem"


def _folders(entry: Map) -> list[str]:
    return texts(child(entry, "directories")) or texts(child(entry, "directory"))


def _why_not(entry: Map, dockerfile: str, images: frozenset[str]) -> str:
    """Why an entry does not keep this Dockerfile fresh, "" where it does."""
    folder = posixpath.dirname(dockerfile)
    folders = _folders(entry)
    if not any(matches(pattern, folder) for pattern in folders or ["/"]):
        return f"its docker ecosystem covers {', '.join(folders) or '/'}, not /{folder}"
    if not FILE_NAME.search(posixpath.basename(dockerfile)):
        return f"it does not take {posixpath.basename(dockerfile)} for a Dockerfile by its name"
    if str(child(entry, "open-pull-requests-limit")) == "0":
        return "its docker ecosystem may open no pull request (open-pull-requests-limit: 0)"
    if any(matches(pattern, dockerfile) for pattern in texts(child(entry, "exclude-paths"))):
        return f"it excludes {dockerfile}"
    ignored = [name for name in _ignored(entry) if images and all(matches(name, image) for image in images)]
    return f"it ignores {ignored[0]}" if ignored else ""


def _ignored(entry: Map) -> Iterator[str]:
    """Names ignored as a whole; an entry limited to versions or update types still lets others through."""
    listed = child(entry, "ignore")
    for item in listed if isinstance(listed, Seq) else ():
        name = child(item, "dependency-name")
        if isinstance(name, str) and child(item, "versions") is None and child(item, "update-types") is None:
            yield str(name)
