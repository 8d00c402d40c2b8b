"""Which Python files the image takes, and why there may be none."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Iterator, Sequence

from analyzers import regexes as re
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.context import BuildContext, ContextCopy
from analyzers.artifacts.missing import Missing
from analyzers.dockerfile.ignore import Patterns, TooMuchWork
from analyzers.lazy import configparser
from analyzers.tree import Tree

ABSENT = "source not in this repository"
SKIPPED = frozenset({"node_modules", "site-packages", ".venv", "venv", "migrations", ".git", ".tox", "vendor"})
ARGUMENT = re.compile(r"^\$\{?(\w+)\}?$")
WHOLE = frozenset({"", ".", "*"})
CODE_ENDS = (".py", ".js", ".ts", ".go", ".rs", ".java", ".rb", ".php", ".jsx", ".tsx", ".cs", ".kt", ".ex")
ARCHIVE_ENDS = (".whl", ".tar.gz", ".zip", ".jar")


def python_files(tree: Tree, context: str, build: BuildContext | Missing) -> list[str]:
    """Repository paths. Without a known build context, everything below the context folder."""
    folders = [context] if isinstance(build, Missing) else list(_copied(build))
    found: dict[str, None] = {}
    for folder in folders:
        found.update(dict.fromkeys(_python_below(tree, folder)))
    return _not_ignored(list(found), build)


def _not_ignored(paths: list[str], build: BuildContext | Missing) -> list[str]:
    """What the ignore file keeps out of the context is not in the image."""
    if isinstance(build, Missing) or not build.ignore_patterns:
        return paths
    patterns = Patterns.of(build.ignore_patterns)
    start = "" if build.path in ("", ".") else build.path.rstrip("/") + "/"
    try:
        return [path for path in paths if not patterns.ignores(path.removeprefix(start))]
    except TooMuchWork:
        return paths


def _copied(build: BuildContext) -> Iterator[str]:
    for copy in build.copies:
        yield from (posixpath.normpath(posixpath.join(build.path, _inside(text))) for text in copy.sources)


def _inside(written: str) -> str:
    text = written.strip().lstrip("/")
    return "." if text.removeprefix("./").rstrip("/") in WHOLE else text


def _python_below(tree: Tree, source: str) -> Iterator[str]:
    """A file, a folder, or a pattern as COPY takes it."""
    if tree.is_file(source):
        yield from [source] if source.endswith(".py") else []
    elif "*" in source or "?" in source or "[" in source:
        fixed = posixpath.dirname(source.split("*")[0].split("?")[0].split("[")[0])
        for entry in tree.under(fixed):
            if entry.path.endswith(".py") and _matches(entry.path, source):
                yield entry.path
    else:
        for entry in tree.under("" if source == "." else source):
            if entry.path.endswith(".py") and not SKIPPED & set(entry.path.split("/")[:-1]):
                yield entry.path


def _matches(path: str, pattern: str) -> bool:
    """The pattern names the file or a folder above it, part by part."""
    wanted, parts = pattern.split("/"), path.split("/")
    if len(wanted) > len(parts):
        return False
    return all(fnmatch.fnmatchcase(part, want) for part, want in zip(parts, wanted, strict=False))


def absence(
    tree: Tree, plan: BuildPlan | Missing, build: BuildContext | Missing, files: Sequence[str], application: bool
) -> str:
    """Why the application's source is not in the tree, "" where it is or none is needed.

    `application`: the files taken hold one (a framework, the module that the command names); lone configuration
    files do not.
    """
    if isinstance(plan, Missing) or application:
        return ""
    if _clones(plan):
        return f"{ABSENT} (cloned while the image is built)"
    gone = _empty_submodule(tree, build) or _absent_source(tree, plan.target.context, plan)
    if gone:
        return f"{ABSENT} ({gone} is copied but has no files here)"
    if files or isinstance(build, Missing) or any(_brings_code(copy) for copy in build.copies):
        return ""
    return ABSENT if _runs_something(plan) else ""


def _absent_source(tree: Tree, context: str, plan: BuildPlan) -> str:
    """A folder that some COPY takes from the context and that is not in the tree (fetched before the build)."""
    for stage in plan.reached_stages():
        for step in stage.steps:
            copy = step.copy
            if copy is None or copy.stage is not None or copy.image is not None or copy.inline:
                continue
            open_names = [text for text in step.instruction.words[:-1] if _names_open_argument(plan, text)]
            if open_names:
                return open_names[0]
            for written in copy.sources:
                path = posixpath.normpath(posixpath.join(context, _inside(written)))
                plain = not set("*?[$") & set(path) and "." not in posixpath.basename(path).lstrip(".")
                if plain and not tree.is_dir(path) and not tree.is_file(path):
                    return path
    return ""


def _names_open_argument(plan: BuildPlan, text: str) -> bool:
    """A source such as `${APP_PATH}`: nobody but the caller of the build knows the folder."""
    match = ARGUMENT.match(text)
    return match is not None and any(
        declared.name == match.group(1) and declared.value is None for declared in plan.declarations
    )


def _brings_code(copy: ContextCopy) -> bool:
    return copy.code or any(source.endswith((*CODE_ENDS, *ARCHIVE_ENDS)) for source in copy.sources)


def _clones(plan: BuildPlan) -> bool:
    for stage in plan.reached_stages():
        for step in stage.steps:
            if any(command.name == "git" and "clone" in command.argv for command in step.all_commands()):
                return True
            if step.copy is not None and any(_is_git(text) for text in step.copy.remote):
                return True
    return False


def _is_git(text: str) -> bool:
    return text.startswith("git@") or text.split("#")[0].endswith(".git")


def _empty_submodule(tree: Tree, build: BuildContext | Missing) -> str:
    """A submodule without files that lies in what the target copies."""
    text = tree.read_text(".gitmodules")
    if text is None:
        return ""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string("\n".join(line.strip() for line in text.splitlines()))
    except (configparser.Error, ValueError):
        return ""
    paths = [parser.get(section, "path", fallback="").strip("/ ") for section in parser.sections()]
    folders = ["."] if isinstance(build, Missing) else list(_copied(build))
    for path in paths:
        if path and not tree.is_dir(path) and any(_overlap(path, folder) for folder in folders):
            return path
    return ""


def _overlap(path: str, folder: str) -> bool:
    return folder == "." or path == folder or path.startswith(folder + "/") or folder.startswith(path + "/")


def _runs_something(plan: BuildPlan) -> bool:
    """The image has a command, or its files say nothing about one (then the base or a deployment file does)."""
    image = plan.image
    return bool(image.cmd or image.entrypoint)
