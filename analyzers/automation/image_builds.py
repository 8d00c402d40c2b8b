"""Places that build a given Dockerfile: workflow steps, CI files, scripts, Makefiles, compose and bake files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analyzers import regexes as re
from analyzers.artifacts.automation import ImageBuild
from analyzers.automation.workflows import Workflow
from analyzers.deploy import bake, builds, command_lines, compose
from analyzers.deploy import workflows as steps_of
from analyzers.deploy.command_lines import CommandLine
from analyzers.deploy.merge import as_mapping
from analyzers.deploy.yaml_limits import Map, child
from analyzers.records import dataclass
from analyzers.tree import Entry, Tree

CI_PATHS = re.compile(
    r"(?:^|/)(?:\.gitlab-ci[^/]*\.ya?ml|\.travis\.yml|azure-pipelines[^/]*\.ya?ml|bitbucket-pipelines\.yml"
    r"|cloudbuild[^/]*\.ya?ml|buildspec[^/]*\.ya?ml|\.drone\.yml|appveyor\.yml|jenkinsfile[^/]*)$"
    r"|^\.circleci/[^/]+\.ya?ml$|^\.gitlab/.*\.ya?ml$|^\.woodpecker[^/]*(?:/[^/]*)?\.ya?ml$|^\.semaphore/[^/]+\.ya?ml$"
    r"|^\.buildkite/",
    re.IGNORECASE,
)
SCRIPT_PATHS = re.compile(
    r"\.(?:sh|bash|mk)$|(?:^|/)(?:gnu)?makefile[^/]*$|(?:^|/)\.?justfile$|(?:^|/)taskfile\.ya?ml$|(?:^|/)package\.json$"
    r"|(?:^|/)(?:run|build|tasks\.py|fabfile\.py|noxfile\.py|dodo\.py)$",
    re.IGNORECASE,
)
SKIPPED = re.compile(r"(?:^|/)(?:node_modules|vendor|site-packages)/")
DOCKERFILE_NAME = re.compile(r"(?:^|[./_-])(?:dockerfile|containerfile)(?:$|[._-])", re.IGNORECASE)
BUILDKIT = re.compile(r"DOCKER_BUILDKIT[\"']?\s{0,5}[:=]\s{0,5}[\"']?([01])\b")
KANIKO = re.compile(r"--dockerfile[= \"']+(?:\$\{?\w+\}?/)?([\w./-]+)")
FILES_LIMIT = 1_000
FILE_LIMIT_BYTES = 256 * 1024
BUILD_VERBS = (("build",), ("bud",), ("buildx", "build"), ("image", "build"), ("builder", "build"))


@dataclass(frozen=True, slots=True)
class Place:
    """One place that builds the Dockerfile. `pulls`: it asks for the base anew."""

    build: ImageBuild
    pulls: bool = False


class Builds:
    """Finds them for one Dockerfile."""

    def __init__(self, tree: Tree, dockerfile: str, workflows: Mapping[str, Workflow]) -> None:
        self.tree = tree
        self.dockerfile = dockerfile
        self.workflows = workflows
        self.steps = steps_of.steps(tree)
        self.stated = builds.find_all(tree, (), ())
        self.scripts = [entry for entry in tree.entries if _is_script(entry)][:FILES_LIMIT]
        dockerfiles = [entry.path for entry in tree.entries if DOCKERFILE_NAME.search(entry.name)]
        self.alone = [path for path in dockerfiles if not path.endswith(".dockerignore")] == [dockerfile]

    def find(self) -> Iterator[Place]:
        composed = list(self._compose())
        yield from self._actions()
        for line in self._lines():
            yield from self._of_line(line, bool(composed))
        yield from self._kaniko()
        yield from composed
        yield from self._bake()

    def disabled(self) -> Iterator[tuple[str, int]]:
        """Where BuildKit is switched off."""
        for path in [*(entry.path for entry in self.scripts), *self.workflows]:
            for match in BUILDKIT.finditer(self.tree.read_text(path) or ""):
                if match.group(1) == "0":
                    yield path, (self.tree.read_text(path) or "").count("\n", 0, match.start()) + 1

    def _actions(self) -> Iterator[Place]:
        steps = {step.where: step for step in self.steps if step.uses}
        for found in self.stated:
            step = steps.get(found.where)
            if found.dockerfile == self.dockerfile and step is not None:
                inputs = step.inputs
                cached = bool(inputs.get("cache-from") or inputs.get("cache-to")) or step.uses.startswith("depot/")
                by_buildx = "buildah" not in step.uses and not step.uses.endswith("@v1")
                names = _argument_names(inputs.get("build-args", "").splitlines())
                env = self._buildkit_env(found.where.path, found.where.line)
                image = (found.images or ("",))[0]
                build = ImageBuild(
                    found.where.path, found.where.line, by_buildx, cached, env, names, found.stage or "", image
                )
                yield Place(build, inputs.get("pull", "").lower() == "true")

    def _lines(self) -> Iterator[CommandLine]:
        for step in self.steps:
            for line in command_lines.read_text(step.run, step.where.path, "workflow", step.run_line):
                yield CommandLine(line.words, line.where, "workflow", line.folder or step.folder, step.label)
        for entry in self.scripts:
            yield from command_lines.read_text(self.tree.read_text(entry.path) or "", entry.path, "script")

    def _of_line(self, line: CommandLine, composed: bool) -> Iterator[Place]:
        flags, _ = builds.parse_flags(line.words[1:])
        pulls = "--pull" in line.words or "--pull=true" in line.words or "--pull=always" in line.words
        if _is_compose_build(line.words):
            if composed:
                yield Place(self._image_build(line, flags, "", ""), pulls)
        elif _is_build(line.words):
            found = builds.of_line(self.tree, line)
            unresolved = found is None and self.alone and any("$" in word for word in line.words)
            if unresolved or (found is not None and found.dockerfile == self.dockerfile):
                stage = (found.stage if found is not None else None) or ""
                yield Place(self._image_build(line, flags, stage, (flags.get("tag") or [""])[-1]), pulls)

    def _image_build(self, line: CommandLine, flags: Mapping[str, list[str]], stage: str, image: str) -> ImageBuild:
        workflow = self.workflows.get(line.where.path)
        job = workflow.job_at(line.where.line) if workflow is not None else None
        buildx = "buildx" in line.words[1:3] or (job is not None and job.buildx)
        cached = bool(flags.get("cache-from") or flags.get("cache-to"))
        env = self._buildkit_env(line.where.path, line.where.line)
        names = _argument_names(flags.get("build-arg", []))
        return ImageBuild(line.where.path, line.where.line, buildx, cached, env, names, stage, image)

    def _buildkit_env(self, path: str, line: int | None) -> str:
        """DOCKER_BUILDKIT of the job, or as the file sets it."""
        workflow = self.workflows.get(path)
        job = workflow.job_at(line) if workflow is not None else None
        if job is not None and job.buildkit_env:
            return job.buildkit_env
        match = BUILDKIT.search(self.tree.read_text(path) or "")
        return match.group(1) if match else ""

    def _kaniko(self) -> Iterator[Place]:
        """Kaniko names its Dockerfile by `--dockerfile`; it is no BuildKit."""
        for path in [*(entry.path for entry in self.scripts), *self.workflows]:
            text = self.tree.read_text(path) or ""
            for match in KANIKO.finditer(text) if "kaniko" in text else ():
                if match.group(1).lstrip("./") == self.dockerfile or match.group(1).endswith("/" + self.dockerfile):
                    line = text.count("\n", 0, match.start()) + 1
                    yield Place(ImageBuild(path, line, False, "--cache=true" in text, ""), True)

    def _compose(self) -> Iterator[Place]:
        for file in compose.find(self.tree).values():
            project = compose.load_project(self.tree, [file])
            for found in builds.of_project(self.tree, project, False):
                if found.dockerfile == self.dockerfile:
                    declared = child(project.services.get(found.service), "build")
                    cached = child(declared, "cache_from") is not None or child(declared, "cache_to") is not None
                    args = as_mapping(child(declared, "args"))
                    names = tuple(args) if isinstance(args, Map) else ()
                    where, image = found.where, (found.images or ("",))[0]
                    build = ImageBuild(where.path, where.line, cached, cached, "", names, found.stage or "", image)
                    yield Place(build, str(child(declared, "pull")).lower() == "true")

    def _bake(self) -> Iterator[Place]:
        targets = {target.where: target for target in bake.find(self.tree)}
        for found in self.stated if targets else ():
            target = targets.get(found.where)
            if target is not None and found.dockerfile == self.dockerfile:
                where, image = found.where, (found.images or ("",))[0]
                names = tuple(target.args)
                yield Place(ImageBuild(where.path, where.line, True, target.cache, "", names, found.stage or "", image))


def _is_script(entry: Entry) -> bool:
    if entry.symlink or (entry.size_bytes or 0) > FILE_LIMIT_BYTES or SKIPPED.search(entry.path):
        return False
    return CI_PATHS.search(entry.path) is not None or SCRIPT_PATHS.search(entry.path) is not None


def _is_build(words: tuple[str, ...]) -> bool:
    return any(tuple(words[1 : 1 + len(verb)]) == verb for verb in BUILD_VERBS)


def _is_compose_build(words: tuple[str, ...]) -> bool:
    """`docker compose … build` and `docker-compose … up --build`."""
    composed = words[0].endswith("compose") or "compose" in words[1:2]
    return composed and ("build" in words[1:] or "--build" in words or "bake" in words[1:])


def _argument_names(items: list[str]) -> tuple[str, ...]:
    names = (item.strip().partition("=")[0].strip() for item in items)
    return tuple(dict.fromkeys(name for name in names if name and " " not in name))
