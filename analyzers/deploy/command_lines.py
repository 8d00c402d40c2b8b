"""Container command lines (`docker build`, `docker compose -f …`) in CI files, scripts, Makefiles and documents."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from analyzers import regexes as re
from analyzers.artifacts.deployment import Where
from analyzers.deploy import workflows
from analyzers.deploy.paths import parent
from analyzers.records import dataclass
from analyzers.tree import Entry, Tree, per_tree

ENGINES = ("docker", "docker-compose", "podman", "podman-compose", "buildah", "nerdctl")
ENGINE_PARTS = ("docker", "podman", "buildah", "nerdctl")
START = re.compile(r"(?<![\w./@:=-])(?:docker|docker-compose|podman|podman-compose|buildah|nerdctl)\s+(?=[\w-])")
SCRIPTS = ("*.sh", "*.bash", "makefile", "makefile.*", "*.mk", "justfile", ".justfile", "taskfile.y*ml", "jenkinsfile*")
CI_FILES = (".gitlab-ci.yml", ".travis.yml", "azure-pipelines.yml", "bitbucket-pipelines.yml", "cloudbuild.y*ml")
DOCUMENTS = ("*.md", "*.rst", "*.txt", "*.adoc", "package.json")
FILE_LIMIT_BYTES = 256 * 1024
LINE_LIMIT = 4000
FILES_LIMIT = 2000
ENDS = frozenset({"&&", "||", ";", "|", "&"})
CHANGE_FOLDER = re.compile(r"(?:^|[;&|]\s*|\s)cd\s+([\w./-]+)\s*(?:&&|;)")


@dataclass(frozen=True, slots=True)
class CommandLine:
    """`words` up to the next shell operator. `origin`: "workflow", "ci", "script" or "document". `folder`: the
    working folder where it is told, else "". `label`: names of the workflow, job and step around it."""

    words: tuple[str, ...]
    where: Where
    origin: str
    folder: str = ""
    label: str = ""

    def folders(self) -> list[str]:
        """Where its relative paths may start, likeliest first."""
        told = [self.folder] if self.folder else []
        here = parent(self.where.path)
        return [*told, ".", here, parent(here)]


@per_tree
def find_all(tree: Tree) -> list[CommandLine]:
    found = [line for step in workflows.steps(tree) for line in _of_step(step)]
    for origin, patterns in (("ci", CI_FILES), ("script", SCRIPTS), ("document", DOCUMENTS)):
        for entry in _readable(tree, patterns):
            found += read_text(tree.read_text(entry.path) or "", entry.path, origin)
    return found


def _readable(tree: Tree, patterns: tuple[str, ...]) -> list[Entry]:
    entries = [entry for entry in tree.named(*patterns) if (entry.size_bytes or FILE_LIMIT_BYTES) < FILE_LIMIT_BYTES]
    return [entry for entry in entries if "node_modules/" not in entry.path][:FILES_LIMIT]


def _of_step(step: workflows.Step) -> list[CommandLine]:
    lines = read_text(step.run, step.where.path, "workflow", step.run_line)
    return [CommandLine(x.words, x.where, x.origin, x.folder or step.folder, step.label) for x in lines]


def read_text(text: str, path: str, origin: str, first_line: int = 1) -> list[CommandLine]:
    """The container command lines of a text, with backslash continuations joined."""
    found: list[CommandLine] = []
    for number, line in joined_lines(text) if _names_an_engine(text) else ():
        if not _names_an_engine(line):
            continue
        folder = match[1] if (match := CHANGE_FOLDER.search(line)) else ""
        for start in START.finditer(line):
            words = split_words(line[start.start() :])
            found.append(CommandLine(words, Where(path, first_line + number), origin, folder))
    return found


def _names_an_engine(text: str) -> bool:
    """All engines' names hold one of these; far cheaper than the pattern, which most texts never match."""
    return any(part in text for part in ENGINE_PARTS)


def joined_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their 0-based number; a line that ends in a backslash takes the next one in."""
    pending, start = "", 0
    for number, line in enumerate(text.splitlines()):
        start = start if pending else number
        pending += line
        if line.rstrip().endswith("\\") and len(pending) < LINE_LIMIT:
            pending = pending.rstrip()[:-1] + " "
            continue
        if len(pending) < LINE_LIMIT:
            yield start, pending
        pending = ""
    if pending:
        yield start, pending


def split_words(text: str) -> tuple[str, ...]:
    """Words up to the next operator. Text that is no clean shell (a document, a template) is split at blanks."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=";&|<>`")
    lexer.whitespace_split = True
    lexer.commenters = "#"
    words: list[str] = []
    try:
        for word in lexer:
            if word[0] in ";&|<>`" and not word.strip(";&|<>`"):
                break
            words.append(word)
    except ValueError:
        return tuple(word.strip("'\"`,") for word in re.split(r"[;&|`]", text)[0].split())
    return tuple(words)
