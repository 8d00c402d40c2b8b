"""Which file of the repository a path inside the image is: COPY and ADD mapped back, mounts over them."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Iterator, Mapping, Sequence

from analyzers.artifacts.build_plan import BuildPlan, Step
from analyzers.artifacts.deployment import Where
from analyzers.deploy.paths import join
from analyzers.records import dataclass
from analyzers.tree import Tree

STAGE_DEPTH = 4
LINKERS = ("ln", "cp", "mv", "install")
LINK_DEPTH = 4
READS_LIMIT = 3000
SEARCHED = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
SIZE_LIMIT_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A text file of the image. `where` is its place in the repository (the Dockerfile for a here-document);
    `first_line` is the line there on which its text starts."""

    path: str
    text: str
    where: Where
    first_line: int = 1

    def at(self, line: int) -> Where:
        return Where(self.where.path, self.first_line + line - 1)


class ImageFiles:
    """Looks up paths of the final image, with a service's bind mounts on top."""

    def __init__(self, tree: Tree, plan: BuildPlan, mounts: Mapping[str, str]) -> None:
        self.tree, self.plan, self.mounts = tree, plan, mounts
        self.reads = 0  # scripts that call each other in many ways must come to an end
        self._links: dict[tuple[int, int], list[list[str]]] = {}
        self.path = plan.image.env.get("PATH", "").split(":")

    def read(self, path: str, workdir: str) -> ImageFile | None:
        """The file that `path` means for a process in `workdir`; None where it is not the repository's."""
        self.reads += 1
        if self.reads > READS_LIMIT:
            return None
        full = posixpath.normpath(posixpath.join(workdir, path))
        return self._mounted(full) or self._in_stage(full, self.plan.target_stage, 0, 0)

    def find_program(self, name: str, workdir: str) -> ImageFile | None:
        """A program by path, or by the search path."""
        if "/" in name:
            return self.read(name, workdir)
        folders = [folder for folder in (*self.path, *SEARCHED) if folder.startswith("/")]
        found = (self.read(f"{folder}/{name}", "/") for folder in dict.fromkeys(folders))
        return next((file for file in found if file is not None), None)

    def under(self, folder: str) -> list[ImageFile]:
        """Files of the image below a folder, as far as they come from folders of the repository."""
        found: dict[str, ImageFile] = {}
        for step in self.plan.final_steps():
            for path in self._listed(step, folder):
                file = self.read(path, "/")
                if file is not None:
                    found[path] = file
        return [found[path] for path in sorted(found)]

    def _listed(self, step: Step, folder: str) -> Iterator[str]:
        """Image paths below `folder` that a copy of whole folders brings."""
        if step.copy is None or step.copy.stage is not None or step.copy.image is not None:
            return
        destination = posixpath.normpath(posixpath.join(step.workdir, step.copy.destination))
        for source in step.copy.sources:
            local = join(self.plan.target.context, source.lstrip("/") or ".")
            if local is not None and self.tree.is_dir(local):
                prefix = "" if local == "." else local + "/"
                for entry in self.tree.under(local):
                    path = posixpath.join(destination, entry.path[len(prefix) :])
                    if path.startswith(folder.rstrip("/") + "/"):
                        yield path

    def _mounted(self, full: str) -> ImageFile | None:
        for target, source in sorted(self.mounts.items(), key=lambda item: -len(item[0])):
            if full == target or full.startswith(target.rstrip("/") + "/"):
                return self._local(join(source, full[len(target) :].lstrip("/") or "."), full)
        return None

    def _local(self, path: str | None, full: str) -> ImageFile | None:
        data = self.tree.read_bytes(path, SIZE_LIMIT_BYTES) if path is not None and self.tree.is_file(path) else None
        text = None if data is None or path is None else data.decode("utf-8", "replace").replace("\r\n", "\n")
        return ImageFile(full, text, Where(path)) if text is not None and path is not None else None

    def _in_stage(self, full: str, stage: int, depth: int, links: int) -> ImageFile | None:
        """The last instruction of the stage's chain that puts something at `full` decides."""
        if depth > STAGE_DEPTH:
            return None
        for step in reversed(self.plan.steps_of(stage)):
            if step.copy is not None and (found := self._copied(step, full, depth, links)):
                return found
            origin = self._linked_from(step, full) if links < LINK_DEPTH else ""
            if origin and (found := self._in_stage(origin, stage, depth, links + 1)):
                return found
        return None

    def _linked_from(self, step: Step, full: str) -> str:
        """What a RUN links, copies or moves to `full`, "" where it does not."""
        key = step.stage, step.position
        if key not in self._links:
            self._links[key] = list(_links_of(step))
        origins = (_origin(words[:-1], words[-1], full, step.workdir) for words in self._links[key])
        return next((origin for origin in origins if origin), "")

    def _copied(self, step: Step, full: str, depth: int, links: int) -> ImageFile | None:
        copy = step.copy
        assert copy is not None
        destination = posixpath.normpath(posixpath.join(step.workdir, copy.destination))
        into_folder = copy.destination.endswith(("/", "/.")) or copy.destination == "." or len(copy.sources) > 1
        if copy.inline:
            return self._inline(step, full, destination, into_folder)
        if copy.image is not None:
            return None
        for source in copy.sources:
            for inner in self._sources_of(source, full, destination, into_folder, copy.stage):
                if copy.stage is not None:
                    found = self._in_stage(posixpath.join("/", inner), copy.stage, depth + 1, links)
                else:
                    found = self._local(join(self.plan.target.context, inner.lstrip("/") or "."), full)
                if found is not None:
                    return found
        return None

    def _sources_of(
        self, source: str, full: str, destination: str, into_folder: bool, stage: int | None
    ) -> Iterator[str]:
        """Paths on the source's side that would land at `full`, likeliest first."""
        below = full[len(destination.rstrip("/")) + 1 :] if full.startswith(destination.rstrip("/") + "/") else None
        if any(sign in source for sign in "*?["):
            if below is not None:
                yield from self._matching(source, below, stage)
            return
        if full == destination and not into_folder:
            yield source
        if below is not None:
            if posixpath.basename(source.rstrip("/")) == below:
                yield source
            yield posixpath.join(source, below)

    def _matching(self, pattern: str, below: str, stage: int | None) -> Iterator[str]:
        """A wildcard takes files by name, and what is in the folders that it matches."""
        folder, _, last = pattern.rpartition("/")
        if "/" not in below and fnmatch.fnmatchcase(below, last):
            yield posixpath.join(folder, below)
        if stage is None and last == "*":
            for name in self._folders_in(folder):
                yield posixpath.join(folder, name, below)

    def _folders_in(self, folder: str) -> list[str]:
        base = join(self.plan.target.context, folder.lstrip("/") or ".")
        prefix = "" if base in (None, ".") else f"{base}/"
        inside = [path[len(prefix) :] for path in self.tree.folders if path.startswith(prefix) and path != prefix]
        return sorted(name for name in inside if name and "/" not in name)[:50]

    def _inline(self, step: Step, full: str, destination: str, into_folder: bool) -> ImageFile | None:
        for heredoc in step.instruction.heredocs:
            path = posixpath.join(destination, heredoc.name) if into_folder else destination
            if path == full:
                return ImageFile(full, heredoc.content, Where(self.plan.target.dockerfile, heredoc.line), heredoc.line)
        return None


def _links_of(step: Step) -> Iterator[list[str]]:
    """Sources and destination of what a RUN links, copies or moves."""
    for command in step.commands:
        if command.name in LINKERS:
            words = [word for word in command.argv[1:] if not word.startswith("-")]
            if len(words) >= 2:
                yield words


def _origin(sources: Sequence[str], destination: str, full: str, workdir: str) -> str:
    target = posixpath.normpath(posixpath.join(workdir, destination))
    for source in sources:
        path = posixpath.normpath(posixpath.join(workdir, source))
        if path != full and full in (target, posixpath.join(target, posixpath.basename(path))):
            return path
    return ""
