"""Every package manager run of the stages that the target reaches, with what it leaves behind and where it goes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from itertools import islice

from analyzers.artifacts.bases import BaseFacts, Bases
from analyzers.artifacts.build_plan import BuildPlan, Mount, Stage, Step
from analyzers.artifacts.installs import Install, InstallKind, Installs
from analyzers.artifacts.missing import Missing
from analyzers.gather import gatherer
from analyzers.installs import caches, exports, node, system
from analyzers.installs.downloaded import unread
from analyzers.installs.events import Event, events
from analyzers.installs.manifests import Manifests
from analyzers.installs.places import Brought, Files, prefixes
from analyzers.installs.pruned import without_pruned
from analyzers.installs.python import own_command
from analyzers.installs.recognise import recognise
from analyzers.installs.runs import Run
from analyzers.installs.state import State
from analyzers.records import dataclass, replace
from analyzers.source import Source

INSTALL_LIMIT = 1_000
LATER_LIMIT = 1_000
SYSTEM_MANAGERS = frozenset(system.MANAGERS.values())
CLOSING = frozenset({"rm", "find", "apt-mark", *system.MANAGERS, *caches.CLEANING})


@gatherer
def gather_installs(source: Source, plan: BuildPlan, bases: Bases | Missing) -> Installs:
    found: list[Install] = []
    missed: list[tuple[int, str]] = []
    reader = _Reader(source, plan, bases)
    for stage in plan.reached_stages():
        for step in reader.steps_of(stage):
            if len(found) <= INSTALL_LIMIT:
                found.extend(islice(reader.installs(step), INSTALL_LIMIT + 1))
            if step.keyword == "RUN" and (why := unread(step)):
                missed.append((step.line, why))
    if len(found) > INSTALL_LIMIT:
        missed.append((found[INSTALL_LIMIT].line, f"more than {INSTALL_LIMIT} installs"))
    if reader.exhausted:
        missed.append((1, "its copies are too many to follow"))
    kept = without_pruned(found[:INSTALL_LIMIT], reader.pruned, plan.chain)
    return Installs(tuple(kept), tuple(missed))


@dataclass(frozen=True, slots=True)
class _Place:
    """What surrounds the commands of one step."""

    step: Step
    home: str
    home_known: bool
    events: tuple[Event, ...]

    def closing(self, index: int) -> list[Event]:
        """What may clean up after the command at this index."""
        return [event for event in self.events[index + 1 : index + 1 + LATER_LIMIT] if event.call.name in CLOSING]


class _Reader:
    """Goes through the stages in order; each starts from the state that its base stage ended in."""

    def __init__(self, source: Source, plan: BuildPlan, bases: Bases | Missing) -> None:
        self._plan = plan
        self._bases = bases
        self._files = Files(plan, source.tree)
        self._manifests = Manifests(source.tree)
        self._brought = Brought(plan)
        self._exported: dict[tuple[int, str], tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._done: list[Install] = []
        self._ends: dict[int, State] = {}
        self._env: dict[int, Mapping[str, str]] = {}
        self._state = State()
        self.pruned: set[tuple[int, int, str]] = set()

    @property
    def exhausted(self) -> bool:
        return self._files.exhausted

    def steps_of(self, stage: Stage) -> Iterator[Step]:
        base = stage.base_stage
        self._state = self._ends[base].copy() if base is not None and base in self._ends else self._fresh(stage)
        self._env[stage.index] = self._env.get(base, {}) if base is not None else self._base_env(stage)
        yield from stage.steps
        self._ends[stage.index] = self._state

    def _fresh(self, stage: Stage) -> State:
        facts = self._facts(stage)
        return State(docker_clean=facts.docker_clean if facts else False)

    def _base_env(self, stage: Stage) -> Mapping[str, str]:
        facts = self._facts(stage)
        return facts.env if facts else {}

    def _facts(self, stage: Stage) -> BaseFacts | None:
        if isinstance(self._bases, Missing) or stage.base_image is None:
            return None
        return next((base.facts for base in self._bases.all if base.image.name == stage.base_image.name), None)

    def installs(self, step: Step) -> Iterator[Install]:
        if step.keyword != "RUN":
            self._state.note_copy(step)
            return
        env = {**self._state.settings, **self._env[step.stage], **step.env}
        home, known = self._state.home(step.user, env)
        place = _Place(step, home, known, tuple(events(step, env, home)))
        for index, event in enumerate(place.events):
            run = recognise(event.call)
            if run is not None:
                install = self._install(run, index, place)
                self._done.append(install)
                yield install
            self._export(event, place)
            if (manager := node.prunes(event.call)) and not event.command.conditional:
                self.pruned.add((step.stage, step.position, manager))
            self._state.note_environment(event.call, place.home, event.workdir)
            self._state.note(event.call, event.command.stdin, event.command.redirects)

    def _export(self, event: Event, place: _Place) -> None:
        """Remember what a written requirements file stands for: its manifests and development groups."""
        found = exports.read(event.call, event.command.redirects)
        if found is None:
            return
        output, run = found
        manifests = self._manifests_of(run, event, place)
        command = _written(event.call.program, event.call.words)
        groups = self._manifests.development_groups(run, manifests, command, event.call.env)
        path = caches.absolute(output, place.home, event.workdir)
        self._exported[place.step.stage, path] = (manifests, groups if _exports_development(run, event) else ())

    def _manifests_of(self, run: Run, event: Event, place: _Place) -> tuple[str, ...]:
        folder = caches.absolute(run.folder or ".", place.home, event.workdir)
        return self._manifests.of(run, folder, lambda path: self._files.find(path, place.step))

    def _behind_exports(
        self, run: Run, manifests: tuple[str, ...], event: Event, place: _Place
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The manifests, and the groups brought, where a file that is read was written by an export."""
        paths = [caches.absolute(name, place.home, event.workdir) for name in run.reads if name in manifests]
        origins = [origin for path in paths for origin in self._files.origins(path, place.step)]
        found = [self._exported[origin] for origin in origins if origin in self._exported]
        if not found:
            return manifests, ()
        kept = [path for path in manifests if path not in run.reads]
        return tuple(dict.fromkeys([*kept, *found[0][0]])), found[0][1]

    def _install(self, run: Run, index: int, place: _Place) -> Install:
        event, step = place.events[index], place.step
        env = {**self._state.settings, **event.call.env}
        manifests = self._manifests_of(run, event, place)
        command = _written(event.call.program, event.call.words)
        groups = self._manifests.development_groups(run, manifests, own_command(event.call, command), env)
        manifests, exported = self._behind_exports(run, manifests, event, place)
        groups = (*groups, *exported)
        places = prefixes(run, event.call, env, place.home, event.workdir, self._state.environments)
        run = self._settled(run, groups, step.stage)
        in_chain = step.stage in self._plan.chain
        line = None if in_chain else self._brought.line(step.stage, places, run.manager not in SYSTEM_MANAGERS)
        install = Install(
            stage=step.stage,
            position=step.position,
            line=event.command.line,
            end_line=event.command.end_line,
            manager=run.manager,
            kind=run.kind,
            command=command,
            downloads=run.downloads,
            packages=run.packages,
            manifests=manifests,
            dev_groups=groups,
            editable=run.editable,
            cache_off=run.cache_off,
            recommends=run.recommends and not self._state.recommends_off,
            removed=_removed(run, place.closing(index)),
            reaches_final=in_chain or line is not None,
            brought_line=line,
            conditional=event.command.conditional,
            script=event.script,
            prefixes=places,
        )
        return self._with_caches(install, run, env, index, place)

    def _above(self, manager: str, stage: int) -> bool:
        """The manager has installed dependencies in this stage's chain, or in a stage whose result is copied in."""
        if manager in self._state.installed:
            return True
        chain = self._plan.chain_of(stage)
        done = (i for i in self._done if i.manager == manager and i.kind is InstallKind.DEPENDENCY)
        return any(i.stage not in chain and self._brought.into(stage, i.stage, i.prefixes) for i in done)

    def _settled(self, run: Run, groups: tuple[str, ...], stage: int) -> Run:
        """What earlier installs by the same manager make of this one; and what it makes of later ones."""
        state = self._state
        repeats = run.kind is InstallKind.DEPENDENCY and (run.after or (run.local and not run.reads))
        again = repeats and self._above(run.manager, stage)
        new_groups = {(run.manager, group) for group in groups} - state.groups
        if again and run.after:
            run = replace(run, kind=InstallKind.PROJECT, downloads=bool(new_groups))
        elif again:
            run = replace(run, kind=InstallKind.PROJECT)
        if run.kind in (InstallKind.DEPENDENCY, InstallKind.PROJECT, InstallKind.OFFLINE):
            state.installed.add(run.manager)
            state.groups |= new_groups
        return run

    def _with_caches(self, install: Install, run: Run, env: Mapping[str, str], index: int, place: _Place) -> Install:
        step, later = place.step, place.closing(index)
        paths = caches.cache_paths(run, env, place.home, place.events[index].workdir)
        covering = {path: _covering(step, path, "cache", place.home_known) for path in paths}
        used = [mount for mounts in covering.values() for mount in mounts]
        others = [mount.target for mount in step.mounts if mount.type == "cache"]
        emptied = any(caches.cleans(e.call, run.manager, paths, place.home, e.workdir) for e in later)
        return replace(
            install,
            caches=paths,
            mounted=tuple(path for path in paths if covering[path]),
            cache_mounted=bool(used),
            cache_mount_wrong=not used and any(caches.means(target, run) for target in others),
            sharing_locked=run.manager != "apt" or all(mount.sharing == "locked" for mount in used),
            docker_clean=run.manager == "apt" and self._state.docker_clean,
            cleaned=emptied or any(_covering(step, path, "tmpfs", True) for path in paths),
        )


def _covering(step: Step, path: str, kind: str, home_known: bool) -> list[Mount]:
    mounts = (mount for mount in step.mounts if mount.type == kind and mount.target)
    return [mount for mount in mounts if caches.covers(posixpath.normpath(mount.target), path, home_known)]


def _exports_development(run: Run, event: Event) -> bool:
    """uv and pdm export default groups too; poetry and pipenv only what is asked for."""
    asked = {"--with", "--dev", "-d", "--with=dev", "--all-groups", "--dev-only"} & set(event.call.words)
    return run.manager in ("uv", "pdm") or bool(asked) or any(word.startswith("--with=") for word in event.call.words)


def _removed(run: Run, later: list[Event]) -> tuple[str, ...]:
    """Of the packages, those that the same RUN removes again."""
    gone: set[str] = set()
    marked = False
    for event in later:
        marked = marked or system.marks_all_automatic(event.call)
        removed = system.removes(event.call)
        if removed is not None and system.MANAGERS.get(event.call.name) == run.manager:
            gone.update(removed)
    if (marked and "*" in gone) or (run.virtual and run.virtual in gone):
        return run.packages
    return tuple(package for package in run.packages if package in gone)


def _written(program: str, words: tuple[str, ...]) -> str:
    """The command as one line, words with blanks in quotes."""
    quoted = (f"'{word}'" if any(character.isspace() for character in word) or not word else word for word in words)
    return " ".join([posixpath.normpath(program), *quoted])
