"""What the Python files of a target do, in one pass over those worth parsing."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator

from analyzers import regexes as re
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.code import Call, Code, Import, LoggingSetup, Route
from analyzers.artifacts.deployment import Deployment, Where
from analyzers.artifacts.missing import Missing
from analyzers.code import (
    agents,
    django_routes,
    django_settings,
    logging_setup,
    metrics,
    profilers,
    routes,
    servers,
    settings,
    signals,
)
from analyzers.code.command_words import command_words, environment
from analyzers.code.entry import entry_paths
from analyzers.code.module import Module
from analyzers.code.project import Project
from analyzers.code.reach import reachable
from analyzers.code.routers import Routers
from analyzers.code.words import interesting
from analyzers.records import dataclass, replace
from analyzers.requirements.entries import ManifestError
from analyzers.requirements.kinds import reader_of
from analyzers.tree import Tree

TOPICS = (metrics.read, metrics.process_metrics, agents.read, profilers.read, signals.read, servers.read, settings.read)
FRAMEWORKS = re.compile(
    r"^(?:flask|fastapi|django|starlette|quart|sanic|litestar|aiohttp|tornado|falcon|bottle|ninja|rest_framework|celery"
    r"|dash|streamlit|gradio|grpc|connexion|http)$"
)
ASSERT = re.compile(rb"^[ \t]*assert[ (]", re.MULTILINE)


def read(tree: Tree, paths: Iterable[str], plan: BuildPlan | Missing, deployment: Deployment | Missing) -> Code:
    """`paths` are those of the Python files that the image takes."""
    project = Project(tree, paths)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _Reading(project, _entries(tree, project, plan, deployment), environment(plan, deployment)).code()


def _entries(tree: Tree, project: Project, plan: BuildPlan | Missing, deployment: Deployment | Missing) -> list[str]:
    words = command_words(tree, plan, deployment)
    return entry_paths(project, words, environment(plan, deployment), _console_scripts(tree, project))


def _console_scripts(tree: Tree, project: Project) -> dict[str, str]:
    """Console scripts of the manifests that stand beside or above the code."""
    found: dict[str, str] = {}
    for entry in tree.named("pyproject.toml", "setup.cfg", "setup.py")[:10]:
        reader, text = reader_of(entry.path), tree.read_text(entry.path)
        try:
            found.update(reader(text).scripts if reader is not None and text is not None else ())
        except ManifestError:
            continue
    return found


@dataclass
class _Reading:
    """One pass over the files worth parsing."""

    project: Project
    entries: list[str]
    env: dict[str, str]

    def code(self) -> Code:
        sources = self.project.sources()
        likely = interesting((path, self.project.data(path)) for path in sources)
        modules = [module for path in likely if (module := self.project.module(path)) is not None]
        self.reached = reachable(self.project, self.entries)
        calls, setups = list(self._switches(modules)), list(self._logging(modules))
        return Code(
            present=True,
            python=bool(self.project.paths),
            frameworks=frozenset(_frameworks(modules)),
            imports=tuple(_imports(modules)),
            routes=tuple(dict.fromkeys(self._routes(modules))),
            logging=tuple(setups),
            calls=tuple(dict.fromkeys(calls)),
            unread=tuple(self.project.unread),
            asserts=sum(_asserts(self.project.data(path)) for path in sources),
            entry_modules=tuple(self.entries),
        )

    def _is_reached(self, path: str, own: bool) -> bool:
        """`own` is false for what runs only where the file is the script."""
        if not self.entries:
            return True
        return path in self.reached and (own or path in self.entries)

    def _switches(self, modules: list[Module]) -> Iterator[Call]:
        """All calls; of several Django settings only those that the service reads count."""
        name = django_settings.chosen(self.project, modules, self.env)
        listed = django_settings.chain(self.project, name) if name else []
        paths = frozenset(module.path for module in modules if settings.is_django_settings(module))
        beside = {module.path.rpartition("/")[0] for module in listed}
        paths |= {module.path for module in modules if module.path.rpartition("/")[0] in beside}
        yield from django_settings.mark_unused(self._calls(modules), listed, paths, name)

    def _calls(self, modules: list[Module]) -> Iterator[Call]:
        for module in modules:
            for read in TOPICS:
                for call in read(module):
                    yield replace(call, reachable=self._is_reached(module.path, call.reachable))

    def _logging(self, modules: list[Module]) -> Iterator[LoggingSetup]:
        found = [setup for module in modules for setup in logging_setup.read(self.project, module)]
        for setup in logging_setup.without_plain_imports(found):
            reached = setup.kind == "gunicorn" or self._is_reached(setup.where.path, setup.reachable)
            yield replace(setup, reachable=reached)

    def _routes(self, modules: list[Module]) -> Iterator[Route]:
        routers = Routers(self.project)
        for module in modules:
            routers.collect(module)
        yield from self._django(routers, modules)
        for module in modules:
            yield from routes.read(routers, module)

    def _django(self, routers: Routers, modules: list[Module]) -> Iterator[Route]:
        found = [module for module in modules if settings.is_django_settings(module)]
        roots = django_routes.root_modules(self.project, found, modules)
        yield from django_routes.UrlConfiguration(self.project, routers, found).read(roots)


def _asserts(data: bytes) -> int:
    return len(ASSERT.findall(data)) if b"assert" in data else 0


def _frameworks(modules: Iterable[Module]) -> Iterator[str]:
    for module in modules:
        yield from (top for name in module.imported if FRAMEWORKS.match(top := name.split(".")[0]))


def _imports(modules: Iterable[Module]) -> Iterator[Import]:
    """Each module imported from outside the standard set once per file."""
    for module in modules:
        for name, line in module.imported.items():
            yield Import(name, Where(module.path, line))
