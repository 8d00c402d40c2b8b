"""The Dockerfile as this target builds it: stages resolved, variables expanded, RUN lines read as commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analyzers.artifacts.target import Target
from analyzers.dockerfile.commands import Command
from analyzers.dockerfile.syntax import Dockerfile, Instruction
from analyzers.records import dataclass, field


@dataclass(frozen=True, slots=True)
class ImageReference:
    """An external image. `name` is the expanded reference ("python:3.11-slim"), or "" where an ARG left it open.

    `registry` is "docker.io" by default; `repository` has no `library/` prefix ("python", "tiangolo/uvicorn-gunicorn").
    `tag` and `digest` are "" where absent. `used_by` is "from", "copy" or "mount".
    """

    text: str
    name: str
    registry: str
    repository: str
    tag: str
    digest: str
    line: int
    stage: int
    used_by: str

    @property
    def resolved(self) -> bool:
        return bool(self.name)


@dataclass(frozen=True, slots=True)
class Mount:
    """RUN --mount. `source_stage`/`source_image` resolve `from=`; `target` is expanded; `sharing` "" where not
    given."""

    type: str
    target: str
    source: str
    id: str
    sharing: str
    source_stage: int | None = None
    source_image: str | None = None


@dataclass(frozen=True, slots=True)
class CopySource:
    """COPY/ADD sources, expanded. From the build context where `stage` and `image` are None.

    `inline` marks here-document sources; `remote` the URLs and git sources of ADD.
    """

    sources: tuple[str, ...]
    destination: str
    stage: int | None = None
    image: str | None = None
    inline: bool = False
    remote: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction of a stage, expanded. `env` is the environment that it sees (ENV and ARG in scope, ENV wins).

    `commands` reads a RUN (shell or exec form, here-documents included; scripts of the context that it calls are
    followed one level, their commands carry `followed` paths); `unread` says why a RUN could not be read wholly.
    `workdir` and `user` are in force for this step.
    """

    stage: int
    position: int
    instruction: Instruction
    env: Mapping[str, str]
    workdir: str
    user: str
    commands: tuple[Command, ...] = ()
    followed: Mapping[str, tuple[Command, ...]] = field(default_factory=dict)
    unread: str = ""
    mounts: tuple[Mount, ...] = ()
    copy: CopySource | None = None

    @property
    def keyword(self) -> str:
        return self.instruction.keyword

    @property
    def line(self) -> int:
        return self.instruction.line

    @property
    def end_line(self) -> int:
        return self.instruction.end_line

    def all_commands(self) -> Iterator[Command]:
        """Its own commands, then those of the scripts that it calls (whose lines belong to those files)."""
        yield from self.commands
        for commands in self.followed.values():
            yield from commands


@dataclass(frozen=True, slots=True)
class Stage:
    """`base_stage` is the index of the stage it starts from, else `base_image` is external (None only for an
    invalid FROM).

    `scratch` marks FROM scratch. `platform` is the --platform flag as written.
    """

    index: int
    name: str
    line: int
    end_line: int
    base_stage: int | None
    base_image: ImageReference | None
    scratch: bool
    platform: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Declaration:
    """ARG before the first FROM (`stage` -1) or in a stage. `value` is the effective one: build arg, else default,
    else None."""

    name: str
    default: str | None
    value: str | None
    line: int
    stage: int


@dataclass(frozen=True, slots=True)
class ImageConfig:
    """What the final image is configured with by the Dockerfile's whole chain; base facts are not mixed in.

    `entrypoint`/`cmd` are None where not set in the chain; JSON form is a tuple with `*_json` true, shell form one
    string.
    A `healthcheck` is the text after its flags ("NONE" or "CMD …"), with flags in `healthcheck_flags`.
    Lines point to the deciding instruction (0 where none). `env_lines` gives each ENV's line.
    """

    env: Mapping[str, str] = field(default_factory=dict)
    env_lines: Mapping[str, int] = field(default_factory=dict)
    entrypoint: tuple[str, ...] | None = None
    entrypoint_json: bool = False
    entrypoint_line: int = 0
    cmd: tuple[str, ...] | None = None
    cmd_json: bool = False
    cmd_line: int = 0
    shell: tuple[str, ...] = ("/bin/sh", "-c")
    user: str = ""
    user_line: int = 0
    workdir: str = "/"
    exposed: tuple[str, ...] = ()
    healthcheck: str | None = None
    healthcheck_words: tuple[str, ...] = ()
    healthcheck_json: bool = False
    healthcheck_flags: Mapping[str, str] = field(default_factory=dict)
    healthcheck_line: int = 0
    stop_signal: str = ""
    volumes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """`chain` lists the stages of the final image from the external base upwards; `reached` all that the target needs.

    `images` are the external images that the target reaches (FROM, COPY --from, RUN --mount from), in order of lines.
    """

    target: Target
    dockerfile: Dockerfile
    stages: tuple[Stage, ...]
    target_stage: int
    chain: tuple[int, ...]
    reached: frozenset[int]
    images: tuple[ImageReference, ...]
    declarations: tuple[Declaration, ...]
    image: ImageConfig

    def final_steps(self) -> list[Step]:
        """The final image's own instructions, base-most stage first."""
        return [step for index in self.chain for step in self.stages[index].steps]

    def reached_stages(self) -> list[Stage]:
        return [stage for stage in self.stages if stage.index in self.reached]

    def chain_of(self, stage: int) -> tuple[int, ...]:
        """The stages that a stage is built FROM, base-most first, itself last."""
        chain: list[int] = [stage]
        while (base := self.stages[chain[0]].base_stage) is not None and base not in chain:
            chain.insert(0, base)
        return tuple(chain)

    def steps_of(self, stage: int) -> list[Step]:
        """All steps that run for a stage over the chain it is built FROM."""
        return [step for index in self.chain_of(stage) for step in self.stages[index].steps]

    @property
    def final_base(self) -> Stage:
        """The stage whose FROM names the final image's external base (or scratch)."""
        return self.stages[self.chain[0]]
