"""What a command is run with: its environment, work folder and files."""

from __future__ import annotations

from collections.abc import Mapping

from analyzers.artifacts.deployment import Where
from analyzers.processes.image_files import ImageFile, ImageFiles
from analyzers.records import dataclass, replace


@dataclass(frozen=True, slots=True)
class Setting:
    """A value with what gave it; `where` is None for a flag or variable."""

    value: str
    source: str
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`where` is the place of the command being read. `files` is None where the image's files are not known.
    `base` is the repository of the external base image, "" where unknown."""

    env: Mapping[str, str]
    workdir: str
    where: Where
    files: ImageFiles | None = None
    base: str = ""

    def read(self, path: str) -> ImageFile | None:
        return self.files.read(path, self.workdir) if self.files is not None and path else None

    def program(self, name: str) -> ImageFile | None:
        return self.files.find_program(name, self.workdir) if self.files is not None else None

    def at(self, where: Where) -> Surroundings:
        return replace(self, where=where)

    def with_env(self, *pairs: tuple[str, str]) -> Surroundings:
        return replace(self, env={**self.env, **dict(pairs)})

    def in_folder(self, workdir: str) -> Surroundings:
        return replace(self, workdir=workdir)
