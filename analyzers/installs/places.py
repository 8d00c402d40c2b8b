"""Where an install puts its files, and which file of the repository lies behind a path of the image."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from analyzers.artifacts.build_plan import BuildPlan, Mount, Step
from analyzers.dockerfile.copies import context_paths
from analyzers.installs.caches import absolute, inside
from analyzers.installs.runs import Call, Run
from analyzers.tree import Tree

STAGE_HOPS = 6
SYSTEM_FOLDERS = frozenset({"", "/usr/local", "/usr", "/", "/opt/conda"})
_LIBRARIES = ("site-packages", "dist-packages", "node_modules")


def prefixes(run: Run, call: Call, env: Mapping[str, str], home: str, workdir: str) -> tuple[str, ...]:
    """Absolute folders that the install may write to, the likeliest first."""
    if run.prefixes:
        return tuple(absolute(prefix, home, workdir) for prefix in run.prefixes)
    found = _usual(run, call, env, home)
    return tuple(dict.fromkeys(absolute(prefix, home, workdir) for prefix in found if prefix))


def _usual(run: Run, call: Call, env: Mapping[str, str], home: str) -> Iterator[str]:
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
        yield from _python(call, env, home)
    elif run.manager == "composer":
        yield f"{folder}/vendor"
    elif run.manager in ("bundler", "gem"):
        yield env.get("BUNDLE_PATH") or "/usr/local/bundle"
    elif run.manager in ("apt", "apk", "yum", "dnf", "microdnf", "zypper"):
        yield "/usr"


def _python(call: Call, env: Mapping[str, str], home: str) -> Iterator[str]:
    """The environment of the program's own path, the active one, or the system's."""
    if call.program.endswith(f"/bin/{call.name}"):
        own = call.program.removesuffix(f"/bin/{call.name}")
        if own not in SYSTEM_FOLDERS:
            yield own
            return
    if env.get("VIRTUAL_ENV"):
        yield env["VIRTUAL_ENV"]
        return
    first = env.get("PATH", "").partition(":")[0]
    if first.endswith("/bin") and first.removesuffix("/bin") not in SYSTEM_FOLDERS | {"/usr/local/cargo", "/go"}:
        yield first.removesuffix("/bin")
    if call.name == "uv" or call.name == "uvx":
        yield ".venv"
    yield "/usr/local"
    if home != "/root":
        yield f"{home}/.local"


class Brought:
    """Which COPY --from instructions bring a builder stage's files into the final image."""

    def __init__(self, plan: BuildPlan) -> None:
        self._plan = plan
        self._copies = [step for stage in plan.reached_stages() for step in stage.steps if _from_stage(step)]

    def line(self, stage: int, folders: tuple[str, ...], libraries: bool, depth: int = 0) -> int | None:
        """The line of the COPY that brings one of these folders, None where none does.

        `libraries`: a folder of libraries below one (site-packages, node_modules) is enough.
        """
        for step in self._copies if depth < STAGE_HOPS else ():
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
    """Repository paths behind paths of the image, as copies and bind mounts put them there."""

    def __init__(self, plan: BuildPlan, tree: Tree) -> None:
        self._plan = plan
        self._tree = tree
        self._context = plan.target.context

    def find(self, path: str, step: Step, mounts: tuple[Mount, ...] | None = None, hops: int = 0) -> str | None:
        """The tracked file that lies at this absolute path when the step runs; None where none is known to."""
        above = [other for other in self._plan.steps_of(step.stage) if _before(self._plan, other, step)]
        for candidate in context_paths(above, step.mounts if mounts is None else mounts, path):
            found = posixpath.normpath(posixpath.join(self._context, candidate.lstrip("/")))
            if self._tree.is_file(found):
                return found
        return self._copied(path, above, step, hops)

    def _copied(self, path: str, above: list[Step], step: Step, hops: int) -> str | None:
        """Through COPY --from and bind mounts of other stages."""
        if hops >= STAGE_HOPS:
            return None
        for mount in step.mounts:
            if mount.type == "bind" and mount.source_stage is not None and inside(path, mount.target):
                inner = posixpath.join("/", mount.source, path[len(mount.target) :].lstrip("/"))
                return self._in_stage(mount.source_stage, posixpath.normpath(inner), hops)
        for other in reversed(above):
            if other.copy is not None and other.copy.stage is not None:
                for source in other.copy.sources[:20]:
                    inner = _origin(other, source, path)
                    if inner and (found := self._in_stage(other.copy.stage, inner, hops)):
                        return found
        return None

    def _in_stage(self, stage: int, path: str, hops: int) -> str | None:
        steps = self._plan.stages[stage].steps
        return self.find(path, steps[-1], (), hops + 1) if steps else None


def _before(plan: BuildPlan, other: Step, step: Step) -> bool:
    return other.stage != step.stage or other.position < step.position


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
