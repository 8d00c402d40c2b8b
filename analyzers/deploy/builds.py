"""Every place of the repository that says how a Dockerfile is built: compose, bake, CI steps, scripts, documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from analyzers.artifacts.deployment import Where
from analyzers.deploy import bake, compose, workflows
from analyzers.deploy.command_lines import CommandLine
from analyzers.deploy.merge import as_mapping
from analyzers.deploy.names import is_development
from analyzers.deploy.paths import first_existing, join, parent
from analyzers.deploy.yaml_limits import Map, Node, child, texts
from analyzers.records import dataclass, field, replace
from analyzers.tree import Tree

BOOLEAN_FLAGS = frozenset(
    {"--no-cache", "--pull", "--push", "--load", "--rm", "--force-rm", "-q", "--quiet", "--squash", "--compress", "-D"}
    | {"--no-cache-filter", "--check", "--debug", "--force-rm=true", "--layers", "--all-platforms", "--tls-verify"}
)


@dataclass(frozen=True, slots=True)
class Build:
    """One such place. Paths are the repository's. `stage` is None where none is named (the last one is built).

    `origin`: "compose", "bake", "workflow", "ci", "script" or "document". `development`: the place's name says so.
    `images`: names it gives the image, as written (tags included).
    """

    dockerfile: str
    context: str
    where: Where
    origin: str
    stage: str | None = None
    args: Mapping[str, str] = field(default_factory=dict)
    images: tuple[str, ...] = ()
    development: bool = False
    service: str = ""


def find_all(tree: Tree, projects: Iterable[tuple[compose.Project, bool]], lines: Iterable[CommandLine]) -> list[Build]:
    """`projects` are the compose sets, each with whether it is a development one."""
    found = [build for project, development in projects for build in of_project(tree, project, development)]
    found += [build for target in bake.find(tree) if (build := _of_bake(tree, target))]
    found += [build for step in workflows.steps(tree) if (build := _of_action(tree, step))]
    return found + [build for line in lines if (build := of_line(tree, line))]


def of_project(tree: Tree, project: compose.Project, development: bool) -> Iterator[Build]:
    """What the services of a compose set build."""
    for name, service in project.services.items():
        build = of_service(tree, project.folder, name, service)
        if build is not None:
            yield replace(build, development=development)


def of_service(tree: Tree, folder: str, name: str, service: Node) -> Build | None:
    """What a compose service builds, None where it builds nothing of this repository."""
    declared = child(service, "build")
    if not isinstance(service, Map) or declared is None or child(declared, "dockerfile_inline") is not None:
        return None
    plain = declared if isinstance(declared, str) else None
    context = join(folder, plain or _string(child(declared, "context")) or ".")
    if context is None:
        return None
    dockerfile = join(context, _string(child(declared, "dockerfile")) or _default_name(tree, context))
    where = service.at("build")
    stage = _string(child(declared, "target")) or None
    images = (*texts(child(service, "image")), *texts(child(declared, "tags")))
    if dockerfile is None:
        return None
    return Build(dockerfile, context, where, "compose", stage, _args(declared), images, service=name)


def _string(node: Node) -> str:
    return str(node) if isinstance(node, str) else ""


def _args(declared: Node) -> dict[str, str]:
    args = as_mapping(child(declared, "args"))
    return {key: str(value) for key, value in args.items() if isinstance(value, str)} if isinstance(args, Map) else {}


def _default_name(tree: Tree, context: str) -> str:
    """The Dockerfile that is taken where none is named; Podman and Buildah also take a Containerfile."""
    names = ("Dockerfile", "dockerfile", "Containerfile")
    return next((name for name in names if tree.is_file(join(context, name) or "")), names[0])


def _of_bake(tree: Tree, target: bake.BakeTarget) -> Build | None:
    written = target.values.get("context", ".")
    context = first_existing(tree, written, [".", parent(target.where.path)])
    if context is None:
        return None
    dockerfile = join(context, target.values.get("dockerfile") or _default_name(tree, context))
    if dockerfile is None or not tree.is_file(dockerfile):
        return None
    development = is_development(target.name)
    stage = target.values.get("target")
    return Build(dockerfile, context, target.where, "bake", stage, target.args, target.tags, development)


def _of_action(tree: Tree, step: workflows.Step) -> Build | None:
    """docker/build-push-action and its kin: `file` from the work folder, `context` "." when not given."""
    action = step.uses.split("@")[0].lower()
    if not action.endswith(("build-push-action", "buildah-build", "docker-build-push")):
        return None
    context = _action_context(step.inputs.get("context", "."))
    file = step.inputs.get("file") or step.inputs.get("containerfiles") or step.inputs.get("dockerfile")
    folders = [step.folder or ".", "."]
    found = first_existing(tree, context, folders)
    default = None if found is None else join(found, _default_name(tree, found))
    dockerfile = first_existing(tree, file.strip(), folders) if file else default
    if found is None or dockerfile is None or not tree.is_file(dockerfile):
        return None
    images = tuple(_items(step.inputs.get("tags", "")))
    args = dict(item.split("=", 1) for item in _items(step.inputs.get("build-args", ""), ",\n") if "=" in item)
    stage = step.inputs.get("target") or None
    return Build(dockerfile, found, step.where, "workflow", stage, args, images, is_development(step.where.path))


def _action_context(text: str) -> str:
    """The Git context of the action (`{{defaultContext}}:sub`, the workflow's own repository) as a folder."""
    if "defaultContext" in text:
        return text.partition("}}")[2].lstrip(":") or "."
    return text.replace("${{ github.workspace }}", ".").strip() or "."


def _items(text: str, separators: str = ",\n") -> list[str]:
    for separator in separators:
        text = text.replace(separator, "\n")
    return [line.strip() for line in text.split("\n") if line.strip()]


def of_line(tree: Tree, line: CommandLine) -> Build | None:
    """`docker build`, `docker buildx build`, `podman build`, `buildah bud`."""
    verb = line.words[1:3]
    if not verb or not (verb[0] in ("build", "bud") or verb in (("buildx", "build"), ("image", "build"))):
        return None
    flags, arguments = parse_flags(line.words[2 if verb[0] in ("build", "bud") else 3 :])
    context = first_existing(tree, arguments[0], line.folders()) if arguments else None
    file = (flags.get("file") or [""])[-1]
    if context is None or (not tree.is_dir(context) and context != "."):
        return None
    default = join(context, _default_name(tree, context))
    dockerfile = first_existing(tree, file, line.folders()) if file else default
    if dockerfile is None or not tree.is_file(dockerfile):
        return None
    args = dict(item.split("=", 1) for item in flags.get("build-arg", []) if "=" in item and "$" not in item)
    stage = (flags.get("target") or [""])[-1] or None
    development = is_development(line.where.path.rpartition("/")[2]) or line.where.path.endswith("package.json")
    images = tuple(flags.get("tag", []))
    return Build(dockerfile, context, line.where, line.origin, stage, args, images, development)


def parse_flags(words: tuple[str, ...]) -> tuple[dict[str, list[str]], list[str]]:
    """Flags by long name, and the other arguments. Short `-f -t` are named `file tag`."""
    flags: dict[str, list[str]] = {}
    arguments: list[str] = []
    names = {"-f": "file", "-t": "tag"}
    rest = iter(words)
    for word in rest:
        if not word.startswith("-") or word == "-":
            arguments.append(word)
        elif "=" in word and word.startswith("--"):
            name, _, value = word[2:].partition("=")
            flags.setdefault(name, []).append(value)
        elif word not in BOOLEAN_FLAGS:
            flags.setdefault(names.get(word, word.lstrip("-")), []).append(next(rest, ""))
    return flags, arguments
