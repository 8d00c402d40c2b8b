"""Image names: which repository a name means, and which of them are this target's own."""

from __future__ import annotations

import json
from collections.abc import Iterable

from analyzers import regexes as re
from analyzers.artifacts.target import Target
from analyzers.deploy import names
from analyzers.deploy.builds import Build
from analyzers.deploy.command_lines import CommandLine
from analyzers.lazy import tomllib
from analyzers.source import Source
from analyzers.tree import Tree

OPEN = re.compile(r"\$\{\{[^{}]*\}\}|\$\{[^{}]*\}|\$\w+|\$\([^()]*\)|\{\{[^{}]*\}\}")
REPOSITORY_EXPRESSION = re.compile(r"\$\{\{\s*github\.repository\s*\}\}|\$\{?GITHUB_REPOSITORY\}?|\$CI_PROJECT_PATH")
BUILDS_IMAGES = re.compile(
    r"build-push-action|metadata-action|docker (?:buildx )?build|docker push|podman build|buildx bake"
)
COMPOSE = re.compile(r"^services\s*:", re.M)
BUILD_FILES = ("*.yml", "*.yaml", "*.sh", "makefile", "*.hcl")
OWN_LINE = re.compile(r"^\s*-?\s*(?:image|container)\s*:")


def repository(image: str) -> str:
    """The name without tag, digest and Docker Hub's own prefixes: "docker.io/library/x:1" is "x"."""
    name = image.partition("@")[0].strip()
    head, _, last = name.rpartition("/")
    name = (head + "/" if head else "") + last.partition(":")[0]
    return re.sub(r"^(?:index\.)?docker\.io/(?:library/)?", "", name).lower()


def own_repositories(source: Source, target: Target, builds: Iterable[Build], lines: Iterable[CommandLine]) -> set[str]:
    """Repositories that a build of this Dockerfile tags, CI's repository expression filled in where it is known."""
    slug = location_slug(source.location)
    named: set[str] = set()
    for build in builds:
        if build.dockerfile == target.dockerfile and _same_stage(build, target):
            named |= {repository(REPOSITORY_EXPRESSION.sub(slug or "\\g<0>", image)) for image in build.images}
    return {name for name in named if name and not OPEN.search(name)}


def _same_stage(build: Build, target: Target) -> bool:
    return build.stage is None or target.stage is None or build.stage == target.stage


def location_slug(location: str) -> str:
    """owner/name of a link to a repository, "" for anything else."""
    match = re.search(r"://[^/]+/([\w.-]+/[\w.-]+?)(?:\.git)?/?$", location)
    return match[1].lower() if match else ""


def looks_own(source: Source, target: Target, image: str, dockerfiles: Iterable[str]) -> str:
    """Why an image that no readable build tags is taken for this target's, "" where nothing says so.

    Only where the repository has one Dockerfile for production: its CI names the image, or it bears the project's name.
    """
    found, last = repository(image), repository(image).rpartition("/")[2]
    others = [path for path in dockerfiles if not names.is_development(path) and not names.is_vendored(path)]
    if not found or OPEN.search(last) or others != [target.dockerfile]:
        return ""
    path = _named_by_a_build(source.tree, found) if "/" in found else ""
    if path:
        return f"{path} builds {found}"
    return f"{found} bears the project's name" if last in project_names(source) else ""


def _named_by_a_build(tree: Tree, name: str) -> str:
    """A CI file or script that builds images and names this one other than as a container to run."""
    for entry in tree.named(*BUILD_FILES):
        text = tree.read_text(entry.path) if (entry.size_bytes or 0) < 256 * 1024 else None
        if text and _builds_and_names(text.lower(), name):
            return entry.path
    return ""


def _builds_and_names(text: str, name: str) -> bool:
    if name not in text or COMPOSE.search(text) or not BUILDS_IMAGES.search(text):
        return False
    return any(name in line and not OWN_LINE.match(line) for line in text.splitlines())


def project_names(source: Source) -> set[str]:
    """What the project calls itself: its repository, pyproject.toml, package.json, setup.cfg."""
    found = {location_slug(source.location).rpartition("/")[2]}
    found.add(_from_pyproject(source.tree.read_text("pyproject.toml") or ""))
    found.add(_from_package(source.tree.read_text("package.json") or ""))
    return {name.lower().replace("_", "-") for name in found if len(name) > 2}


def _from_pyproject(text: str) -> str:
    try:
        document = tomllib.loads(text[: 256 * 1024])
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return ""
    tool = document.get("tool", {})
    tables = [document.get("project"), tool.get("poetry") if isinstance(tool, dict) else None]
    found = [table.get("name") for table in tables if isinstance(table, dict)]
    return next((name for name in found if isinstance(name, str)), "")


def _from_package(text: str) -> str:
    try:
        document = json.loads(text[: 256 * 1024])
    except (ValueError, RecursionError):
        return ""
    name = document.get("name") if isinstance(document, dict) else ""
    return name.rpartition("/")[2] if isinstance(name, str) else ""
