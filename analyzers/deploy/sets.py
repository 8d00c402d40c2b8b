"""Deployment sets of compose files: which files belong together, which set decides, which are development ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from analyzers import regexes as re
from analyzers.artifacts.deployment import Where
from analyzers.deploy import names
from analyzers.deploy.command_lines import CommandLine
from analyzers.deploy.compose import BASES, OVERRIDES, ComposeFile, Project, load_project
from analyzers.deploy.paths import first_existing, join, parent
from analyzers.deploy.yaml_limits import Map
from analyzers.records import dataclass
from analyzers.tree import Tree

DEVELOPMENT_COMMENT = re.compile(
    r"\b(?:local|development|dev|testing|tests?)\b.{0,30}\b(?:only|use|purposes?|environment|setup|stack|compose)\b"
    r"|\b(?:for|in|during)\s+(?:local\s+)?(?:development|testing|dev|tests)\b|\bnot\s+(?:\w+\s+){0,3}production\b"
    r"|\blocal development\b|^\W*(?:local|development|dev)\b",
    re.I,
)
PRODUCTION_COMMENT = re.compile(r"\bproduction\b", re.I)
NOT_PRODUCTION = re.compile(r"\bnot\s+(?:\w+\s+){0,3}production\b", re.I)
SETTING, DEPLOY_WORKFLOW, NAMED_PRODUCTION, BASE, LISTED, SINGLE = range(6)
LISTS_LIMIT = 100


@dataclass(frozen=True)
class ComposeSet:
    """Files in order of merging. `rank` orders the candidates, best first; `reason` says what makes it one.

    `development` says why it is a development, test or CI set, "" where nothing by name or opening comment does.
    """

    project: Project
    rank: int
    reason: str
    development: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        return self.project.files


@dataclass(frozen=True, slots=True)
class FileList:
    """A `-f` list seen somewhere: the files that exist, those that do not, and where it stands."""

    files: tuple[str, ...]
    missing: tuple[str, ...]
    line: CommandLine


def find(
    tree: Tree, files: Mapping[str, ComposeFile], lines: Iterable[CommandLine], setting: tuple[str, ...] = ()
) -> list[ComposeSet]:
    """Every set, the likeliest to decide first; `setting` is the project's own choice of files."""
    lists = list(_lists(tree, files, lines))
    found = [_make(tree, files, setting, SETTING, "the project's setting")] if setting else []
    found += [_listed(tree, files, listed) for listed in lists]
    found += list(_by_folder(tree, files))
    used = {path for compose_set in found for path in compose_set.files}
    found += [_alone(tree, files, path) for path in files if path not in used]
    return _unique(sorted(found, key=_order))


def _order(found: ComposeSet) -> tuple[bool, int, int, tuple[str, ...]]:
    development = bool(found.development) and found.rank != SETTING
    return development, found.rank, found.project.folder.count("/") + (found.project.folder != "."), found.files


def _unique(found: list[ComposeSet]) -> list[ComposeSet]:
    return list({compose_set.files: compose_set for compose_set in reversed(found)}.values())[::-1]


def _make(
    tree: Tree,
    files: Mapping[str, ComposeFile],
    paths: tuple[str, ...],
    rank: int,
    reason: str,
    missing: tuple[str, ...] = (),
) -> ComposeSet:
    project = load_project(tree, [files[path] for path in paths if path in files], missing)
    return ComposeSet(project, rank, reason, _development(files, paths))


def _development(files: Mapping[str, ComposeFile], paths: tuple[str, ...]) -> str:
    for path in paths:
        if names.is_development(path) and not names.PRODUCTION & names.tokens(path.rpartition("/")[2]):
            return f"{path} is named as a development, test or CI file"
        if path in files and _says_development(files[path].comment):
            return f"the opening comment of {path} says development"
    return ""


def _says_development(comment: str) -> bool:
    """Some line says so without speaking of production too."""
    lines = [line for line in comment.splitlines() if DEVELOPMENT_COMMENT.search(line)]
    return any(NOT_PRODUCTION.search(line) or not PRODUCTION_COMMENT.search(line) for line in lines)


def _lists(tree: Tree, files: Mapping[str, ComposeFile], lines: Iterable[CommandLine]) -> Iterator[FileList]:
    seen: set[tuple[str, ...]] = set()
    for line in lines:
        written = _written_files(line.words)
        key = (*written, line.origin, line.label, line.folder)
        if written and key not in seen and len(seen) < LISTS_LIMIT:
            seen.add(key)
            found = [first_existing(tree, path, line.folders()) for path in written]
            known = tuple(path for path in found if path is not None and path in files)
            missing = tuple(_expected(line, path) for path, hit in zip(written, found, strict=True) if hit is None)
            if known and not (missing and line.origin == "document"):
                yield FileList(known, missing, line)


def _expected(line: CommandLine, path: str) -> str:
    return join(line.folder or ".", path) or path


def _written_files(words: tuple[str, ...]) -> list[str]:
    """The files of `docker compose -f …`, `docker-compose -f …`, `docker stack deploy -c …`; [] where one is open."""
    if words[:1] in (("docker-compose",), ("podman-compose",)):
        arguments = words[1:]
    elif words[1:2] == ("compose",) or words[1:3] == ("stack", "deploy"):
        arguments = words[2:]
    else:
        return []
    paths: list[str] = []
    for index, word in enumerate(arguments):
        if word in ("-f", "--file", "-c", "--compose-file"):
            paths += list(arguments[index + 1 : index + 2])
        elif word.startswith(("--file=", "--compose-file=", "-f=")):
            paths.append(word.partition("=")[2])
        elif word in ("up", "down", "exec", "run", "build", "logs"):
            break
    return [] if any("$" in path or "{" in path or "<" in path for path in paths) else paths


def _listed(tree: Tree, files: Mapping[str, ComposeFile], listed: FileList) -> ComposeSet:
    where = listed.line.where
    label = names.tokens(f"{listed.line.label} {where.path}")
    deploys = bool(names.PRODUCTION & label) and not names.TEST_OR_CI & label
    if deploys and listed.line.origin in ("workflow", "ci"):
        rank, reason = DEPLOY_WORKFLOW, f"{where.path}:{where.line} deploys with it"
    elif any(names.is_production(path) for path in listed.files) or deploys:
        rank, reason = NAMED_PRODUCTION, f"a production set by name, listed in {where.path}:{where.line}"
    else:
        rank, reason = LISTED, f"listed in {where.path}:{where.line}"
    return _make(tree, files, listed.files, rank, reason, listed.missing)


def _by_folder(tree: Tree, files: Mapping[str, ComposeFile]) -> Iterator[ComposeSet]:
    """Each folder's base file alone, and with its override."""
    for path, file in files.items():
        if file.name in BASES and path == base_of(files, parent(path)):
            yield _make(tree, files, (path,), BASE, f"{path} without its override" if _override(files, path) else path)
            if override := _override(files, path):
                yield _make(tree, files, (path, override), LISTED, f"{path} with {override}")


def base_of(files: Mapping[str, ComposeFile], folder: str) -> str | None:
    """The file that Compose takes in a folder when none is named."""
    found = (join(folder, name) for name in BASES)
    return next((path for path in found if path is not None and path in files), None)


def _override(files: Mapping[str, ComposeFile], base: str) -> str | None:
    found = (join(parent(base), name) for name in OVERRIDES)
    return next((path for path in found if path is not None and path in files), None)


def _alone(tree: Tree, files: Mapping[str, ComposeFile], path: str) -> ComposeSet:
    """A file that no list names: by itself, or over its folder's base where it only adds to services of another."""
    production = names.is_production(path)
    rank, reason = (NAMED_PRODUCTION, f"{path} is named as production") if production else (SINGLE, path)
    if not is_fragment(files[path]):
        return _make(tree, files, (path,), rank, reason)
    base = base_of(files, parent(path))
    if base is not None:
        return _make(tree, files, (base, path), rank, f"{reason}, over {base}")
    return _make(tree, files, (path,), rank, reason, ("the base file that it extends",))


def is_fragment(file: ComposeFile) -> bool:
    """Some service names neither image nor build: another file has to."""
    bodies = [body for body in file.services.values() if isinstance(body, Map)]
    return any(not {"image", "build", "extends"} & body.keys() for body in bodies)


def unread(files: Mapping[str, ComposeFile]) -> list[Where]:
    return [Where(file.path) for file in files.values() if file.unread]
