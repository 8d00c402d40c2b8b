"""Which services of which files run a target, and which set of files decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from analyzers.artifacts.deployment import Companion, Service
from analyzers.artifacts.target import Target
from analyzers.deploy import command_lines, compose, images, kubernetes, names, sets, stages
from analyzers.deploy.builds import Build, find_all, of_service
from analyzers.deploy.services import as_companion_command, of_compose
from analyzers.deploy.yaml_limits import Map, child
from analyzers.records import dataclass, replace
from analyzers.source import Source


@dataclass(frozen=True)
class Candidate:
    """A set of files that runs the target. `development` says why it is a development set, "" where it is none."""

    files: tuple[str, ...]
    reason: str
    services: tuple[Service, ...]
    companions: tuple[Companion, ...]
    incomplete: str
    development: str
    chosen: bool = False


@dataclass(frozen=True)
class Found:
    """`candidates` are in order: the first that is no development set decides. `has_files`: some file was seen."""

    candidates: tuple[Candidate, ...]
    has_files: bool
    unread: str = ""


class Matcher:
    """Tells which services run the target."""

    def __init__(self, source: Source, target: Target, builds: list[Build], lines: Iterable[command_lines.CommandLine]):
        self.source, self.target = source, target
        self.own = images.own_repositories(source, target, builds, lines)
        self.foreign = {
            images.repository(image) for b in builds if b.dockerfile != target.dockerfile for image in b.images
        } - self.own
        self.stages = stages.names(source.tree.read_text(target.dockerfile) or "")
        self.dockerfiles = _dockerfiles(source)

    def builds_target(self, build: Build) -> bool:
        same_place = (build.dockerfile, build.context) == (self.target.dockerfile, self.target.context)
        wanted = stages.index_of(self.target.stage, self.stages)
        contradicts = any(self.target.build_args.get(key, value) != value for key, value in build.args.items())
        return same_place and stages.index_of(build.stage, self.stages) == wanted and not contradicts

    def runs_image(self, image: str) -> bool:
        name = images.repository(image)
        if not name or name in self.foreign:
            return False
        return name in self.own or bool(images.looks_own(self.source, self.target, image, self.dockerfiles))


def _dockerfiles(source: Source) -> list[str]:
    found = source.tree.named("Dockerfile", "Dockerfile.*", "*.Dockerfile", "Containerfile*")
    return [entry.path for entry in found if stages.has_from(source.tree.read_text(entry.path) or "")]


def find(source: Source, target: Target, for_development: Callable[[Service], bool]) -> Found:
    """`for_development` tells whether a service replaces the image's command by a development server."""
    files, lines = compose.find(source.tree), command_lines.find_all(source.tree)
    compose_sets = sets.find(source.tree, files, lines, target.deployment_files)
    builds = find_all(source.tree, ((each.project, bool(each.development)) for each in compose_sets), lines)
    matcher = Matcher(source, target, builds, lines)
    manifests = kubernetes.find(source.tree)
    candidates = [c for m in manifests if (c := _from_manifests(m, matcher, target.deployment_files))]
    candidates += [c for each in compose_sets if (c := _from_compose(each, matcher, for_development))]
    unread = "; ".join(file.unread for file in files.values() if file.unread)
    ordered = sorted(candidates, key=lambda c: (not c.chosen, bool(c.development), not c.services))
    return Found(tuple(ordered), bool(files or manifests), unread)


def _from_compose(
    found: sets.ComposeSet, matcher: Matcher, for_development: Callable[[Service], bool]
) -> Candidate | None:
    project = found.project
    own: list[Service] = []
    companions: list[Companion] = []
    for name, body in project.services.items():
        if isinstance(body, Map) and _runs(matcher, project, name, body):
            gap = _gap(project, name)
            own.append(replace(of_compose(matcher.source.tree, project, name, body), command_unknown=gap))
        elif isinstance(body, Map):
            companions.append(_companion(project, name, body))
    if not own:
        return _open_candidate(found)
    serving = next((service for service in own if for_development(service)), None)
    by_command = f"service {serving.name} runs a development server" if serving else ""
    chosen = found.rank == sets.SETTING
    development = "" if chosen else found.development or by_command
    incomplete = "; ".join(dict.fromkeys(gap for s in own if (gap := s.command_unknown)))
    services = tuple(s if s.command is None else replace(s, command_unknown="") for s in own)
    return Candidate(found.files, found.reason, services, tuple(companions), incomplete, development, chosen)


def _open_candidate(found: sets.ComposeSet) -> Candidate | None:
    """A set with a file missing that may well say to build this target: what it sets is not known."""
    project = found.project
    bodies = [body for body in project.services.values() if isinstance(body, Map)]
    if not any("is not in the repository" in note for note in project.notes):
        return None
    if all({"image", "build"} & body.keys() for body in bodies):
        return None
    return Candidate(found.files, found.reason, (), (), "; ".join(project.notes), found.development)


def _runs(matcher: Matcher, project: compose.Project, name: str, body: Map) -> bool:
    if body.get("build") is not None:
        build = of_service(matcher.source.tree, project.folder, name, body)
        return build is not None and matcher.builds_target(build)
    image = body.get("image")
    return isinstance(image, str) and matcher.runs_image(str(image))


def _gap(project: compose.Project, name: str) -> str:
    """Why something of this service may stand in a file that was not read."""
    notes = [note for note in project.notes if not note.startswith("service ") or note.startswith(f"service {name} ")]
    return "; ".join(notes)


def _companion(project: compose.Project, name: str, body: Map) -> Companion:
    image = child(body, "image")
    return Companion(
        name, str(image) if isinstance(image, str) else "", project.services.at(name), as_companion_command(body)
    )


def _from_manifests(found: kubernetes.Manifests, matcher: Matcher, setting: tuple[str, ...]) -> Candidate | None:
    own = tuple(service for service in found.services if matcher.runs_image(service.image))
    if not own:
        return None
    others = [service for service in found.services if service not in own]
    companions = tuple(Companion(s.name, s.image, s.where, s.command or ()) for s in others)
    aside = names.is_development(found.folder + "/x") or names.is_vendored(found.folder + "/x")
    development = f"{found.folder} is named as an example, development or test folder" if aside else ""
    reason = f"manifests in {found.folder}"
    return Candidate(found.files, reason, own, companions, found.unread, development, bool({*setting} & {*found.files}))
