"""Where an install puts its files, and which file of the repository lies behind a path of the image."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase

from analyzers.artifacts.build_plan import BuildPlan, Mount, Step
from analyzers.dockerfile.copies import context_paths
from analyzers.installs.caches import absolute, inside
from analyzers.installs.runs import Call, Run
from analyzers.tree import Tree

STAGE_HOPS = 6
SOURCE_LIMIT = 20
ORIGIN_LIMIT = 50
# Copies looked at in one audit, whatever the file does.
LOOK_LIMIT = 1_000_000
SYSTEM_FOLDERS = frozenset({"", "/usr/local", "/usr", "/", "/opt/conda"})
_LIBRARIES = ("site-packages", "dist-packages", "node_modules")


def prefixes(
    run: Run, call: Call, env: Mapping[str, str], home: str, workdir: str, environments: Collection[str] = ()
) -> tuple[str, ...]:
    """Absolute folders that the install may write to, the likeliest first. `environments`: those made above."""
    if run.prefixes:
        return tuple(absolute(prefix, home, workdir) for prefix in run.prefixes)
    found = _usual(run, call, env, home, environments)
    return tuple(dict.fromkeys(absolute(prefix, home, workdir) for prefix in found if prefix))


def _usual(run: Run, call: Call, env: Mapping[str, str], home: str, environments: Collection[str]) -> Iterator[str]:
    folder = run.folder or "."
    if run.manager == "uv" and run.implied[-1:] == ("uv.lock",):
        yield env.get("UV_PROJECT_ENVIRONMENT") or f"{folder}/.venv"
    elif run.manager == "poetry" and env.get("POETRY_VIRTUALENVS_CREATE", "").lower() not in ("false", "0"):
        yield env.get("VIRTUAL_ENV", "")
        yield f"{folder}/.venv"
        cache = env.get("POETRY_CACHE_DIR") or f"{home}/.cache/pypoetry"
        yield env.get("POETRY_VIRTUALENVS_PATH") or f"{cache}/virtualenvs"
    elif run.manager in ("pipenv", "pdm"):
        yield env.get("VIRTUAL_ENV", "")
        yield f"{folder}/.venv"
        yield f"{home}/.local/share/virtualenvs" if run.manager == "pipenv" else f"{folder}/__pypackages__"
    elif run.manager in ("npm", "yarn", "pnpm", "bun"):
        yield f"{folder}/node_modules"
    elif run.manager in ("pip", "uv", "poetry"):
        yield from _python(call, env, home, environments)
    elif run.manager == "composer":
        yield f"{folder}/vendor"
    elif run.manager in ("bundler", "gem"):
        yield env.get("BUNDLE_PATH") or "/usr/local/bundle"
    elif run.manager in ("apt", "apk", "yum", "dnf", "microdnf", "zypper"):
        yield "/usr"


def _python(call: Call, env: Mapping[str, str], home: str, environments: Collection[str]) -> Iterator[str]:
    """The environment of the program's own path, the active one, or the system's."""
    if call.program.endswith(f"/bin/{call.name}"):
        own = call.program.removesuffix(f"/bin/{call.name}")
        if own not in SYSTEM_FOLDERS:
            yield own
            return
    if env.get("VIRTUAL_ENV"):
        yield env["VIRTUAL_ENV"]
        return
    yield from (prefix for prefix in _on_path(env) if prefix in environments or "env" in posixpath.basename(prefix))
    if call.name == "uv" or call.name == "uvx":
        yield ".venv"
    yield "/usr/local"
    if home != "/root":
        yield f"{home}/.local"


def _on_path(env: Mapping[str, str]) -> Iterator[str]:
    """Prefixes whose programs are found before the system's."""
    for folder in env.get("PATH", "").split(":")[:20]:
        if folder.removesuffix("/bin") in SYSTEM_FOLDERS:
            return
        if folder.endswith("/bin"):
            yield folder.removesuffix("/bin")


class Brought:
    """Which COPY --from instructions bring a builder stage's files into the final image."""

    def __init__(self, plan: BuildPlan) -> None:
        self._plan = plan
        self._copies = [step for stage in plan.reached_stages() for step in stage.steps if _from_stage(step)]
        self._left = LOOK_LIMIT

    def line(self, stage: int, folders: tuple[str, ...], libraries: bool, depth: int = 0) -> int | None:
        """The line of the COPY that brings one of these folders, None where none does.

        `libraries`: a folder of libraries below one (site-packages, node_modules) is enough.
        """
        self._left -= len(self._copies) * max(1, len(folders))
        for step in self._copies if depth < STAGE_HOPS and self._left > 0 else ():
            copy = step.copy
            if copy is None or copy.stage is None or stage not in self._plan.chain_of(copy.stage):
                continue
            places = (_landed(step, source, folder, libraries) for folder in folders for source in copy.sources)
            landed = [place for place in places if place]
            if not landed:
                continue
            if step.stage in self._plan.chain:
                return step.line
            onwards = self.line(step.stage, tuple(landed), libraries, depth + 1)
            if onwards is not None:
                return onwards
        return None

    def into(self, stage: int, other: int, folders: tuple[str, ...]) -> bool:
        """A stage's chain copies one of these folders from another stage."""
        chain = self._plan.chain_of(stage)
        for step in self._copies:
            self._left -= 1
            copy = step.copy
            if self._left <= 0 or copy is None or copy.stage is None or step.stage not in chain:
                continue
            takes = any(_landed(step, source, folder, True) for folder in folders for source in copy.sources)
            if takes and other in self._plan.chain_of(copy.stage):
                return True
        return False


def _from_stage(step: Step) -> bool:
    return step.copy is not None and step.copy.stage is not None


def _landed(step: Step, source: str, folder: str, libraries: bool) -> str:
    """Where the folder, or its libraries, end up by this COPY; "" where it takes neither."""
    written = step.copy.destination if step.copy is not None else ""
    source = "/" + posixpath.normpath("/" + source).lstrip("/")
    plain = source.rstrip("*").rstrip("/") if source.endswith("*") else source
    destination = absolute(written, "/root", step.workdir)
    if inside(folder, plain) or plain == "":
        return posixpath.normpath(posixpath.join(destination, folder[len(plain) :].lstrip("/")))
    if fnmatchcase(folder, source):
        return destination
    library = any(name in source for name in _LIBRARIES) or posixpath.basename(source) in ("lib", "lib64")
    return destination if libraries and library and inside(source, folder) else ""


class Files:
    """Repository paths behind paths of the image, as copies and bind mounts put them there.

    `exhausted`: so many copies were looked through that later answers are "not known".
    """

    def __init__(self, plan: BuildPlan, tree: Tree) -> None:
        self._plan = plan
        self._tree = tree
        self._context = plan.target.context
        self._copies: dict[int, list[Step]] = {}
        self._left = LOOK_LIMIT

    @property
    def exhausted(self) -> bool:
        return self._left <= 0

    def find(self, path: str, step: Step) -> str | None:
        """The tracked file that lies at this absolute path when the step runs; None where none is known to."""
        above = [copy for copy in self._of(step.stage) if copy.stage != step.stage or copy.position < step.position]
        return self._find(path, above, step.mounts, STAGE_HOPS)

    def _of(self, stage: int) -> list[Step]:
        """The copying steps of a stage's whole chain."""
        if stage not in self._copies:
            self._copies[stage] = [step for step in self._plan.steps_of(stage) if step.copy is not None]
        return self._copies[stage]

    def _find(self, path: str, above: list[Step], mounts: tuple[Mount, ...], hops: int) -> str | None:
        self._left -= len(above) + 1
        if self.exhausted or hops < 0:
            return None
        for candidate in context_paths(above, mounts, path):
            found = posixpath.normpath(posixpath.join(self._context, candidate.lstrip("/")))
            if self._tree.is_file(found):
                return found
        inner = (*_mounted(path, mounts), *_copied(path, above))
        places = (self._find(origin, self._of(stage), (), hops - 1) for stage, origin in inner)
        return next((found for found in places if found is not None), None)

    def origins(self, path: str, step: Step) -> Iterator[tuple[int, str]]:
        """(stage, path) of everything that the file at this path may have been copied from, itself first."""
        pending = [(step.stage, path)]
        for _ in range(ORIGIN_LIMIT):
            if not pending:
                return
            stage, place = pending.pop(0)
            yield from ((index, place) for index in self._plan.chain_of(stage))
            pending += _copied(place, self._of(stage))


def _mounted(path: str, mounts: tuple[Mount, ...]) -> Iterator[tuple[int, str]]:
    for mount in mounts:
        if mount.type == "bind" and mount.source_stage is not None and inside(path, mount.target):
            below = posixpath.join("/", mount.source, path[len(mount.target) :].lstrip("/"))
            yield mount.source_stage, posixpath.normpath(below)


def _copied(path: str, above: list[Step]) -> Iterator[tuple[int, str]]:
    """(stage, path there) for every COPY --from that may have put something at this path, the latest first."""
    for step in reversed(above):
        if step.copy is not None and step.copy.stage is not None:
            for source in step.copy.sources[:SOURCE_LIMIT]:
                if origin := _origin(step, source, path):
                    yield step.copy.stage, origin


def _origin(step: Step, source: str, path: str) -> str:
    """What path of the other stage this COPY put at `path`; "" where it did not."""
    written = step.copy.destination if step.copy is not None else ""
    destination = absolute(written, "/root", step.workdir)
    source = "/" + posixpath.normpath("/" + source).lstrip("/")
    name = posixpath.basename(source)
    if path == destination:
        return source
    if not inside(path, destination):
        return ""
    rest = path[len(destination) :].lstrip("/")
    return source if rest == name else posixpath.join(source, rest)
