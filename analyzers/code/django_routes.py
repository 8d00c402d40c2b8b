"""Django's URL configuration, from ROOT_URLCONF through include()."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from analyzers import regexes as re
from analyzers.artifacts.code import Route
from analyzers.code.handlers import is_protected
from analyzers.code.module import Module, argument, constants, keyword, text_of
from analyzers.code.project import Project
from analyzers.code.routers import Routers
from analyzers.code.routes import is_worth_following, join, resolve_handler

DEPTH_LIMIT = 8
ROUTE_LIMIT = 5_000
PATHS = frozenset({"path", "re_path", "url"})
# URL modules of libraries: (path below the include, handler, what it checks).
LIBRARIES: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "health_check.urls": (("", "health_check", ()),),
    "watchman.urls": (("", "watchman.status", ("database", "cache", "storage")), ("ping/", "watchman.ping", ())),
    "django_alive.urls": (("alive/", "alive", ()), ("health/", "healthcheck", ("database",))),
    "django_prometheus.urls": (("metrics", "ExportToDjangoView", ()),),
    "dockerflow.django.urls": (
        ("__heartbeat__", "heartbeat", ("database",)),
        ("__lbheartbeat__", "lbheartbeat", ()),
    ),
    "django_healthz.urls": (("", "healthz", ()),),
    "healthy_django.urls": (("", "healthy_django", ("database",)),),
    "heartbeat.urls": (("", "heartbeat", ("database",)),),
    "django_healthchecks.urls": (("", "healthchecks", ("database",)),),
}
# django-health-check tests what its applications stand for.
HEALTH_CHECK_APPS = {
    "health_check.db": "database",
    "health_check.cache": "cache",
    "health_check.storage": "storage",
    "health_check.contrib.migrations": "database",
    "health_check.contrib.celery": "celery",
    "health_check.contrib.celery_ping": "celery",
    "health_check.contrib.redis": "redis",
    "health_check.contrib.rabbitmq": "broker",
    "health_check.contrib.psutil": "host",
}
REGEX_SIGNS = re.compile(r"\\A|\\Z|\\/|[\^$?]")
GROUP = re.compile(r"\(\?P<(\w+)>[^()]*\)|\([^()]*\)")
# What `HealthCheckView.as_view(checks=[…])` names.
CHECK_NAMES = {"Database": "database", "Cache": "cache", "Storage": "storage", "Redis": "redis", "Ping": "celery"}


class UrlConfiguration:
    """Follows `urlpatterns`; each file at most once per prefix."""

    def __init__(self, project: Project, routers: Routers, settings: list[Module]) -> None:
        self.project = project
        self.routers = routers
        self.guarded = any("LoginRequiredMiddleware" in text for text in _texts(settings, "MIDDLEWARE"))
        self.rest_guarded = any(_rest_asks(module) for module in settings)
        self.checked = _health_checks(settings)
        self._seen: set[tuple[str, str]] = set()
        self._count = 0
        self._open: set[int] = set()

    def read(self, roots: list[Module]) -> Iterator[Route]:
        for module in roots:
            yield from self._module(module, "/", 0)

    def _module(self, module: Module, prefix: str, depth: int) -> Iterator[Route]:
        if (module.path, prefix) in self._seen or depth > DEPTH_LIMIT:
            return
        self._seen.add((module.path, prefix))
        for node in pattern_nodes(module):
            yield from self._patterns(module, node, prefix, depth)

    def _patterns(self, module: Module, node: ast.AST, prefix: str, depth: int) -> Iterator[Route]:
        """Every `path(…)` in a list, `[…] + […]`, `i18n_patterns(…)` or a conditional addition."""
        pending: list[ast.AST] = [node]
        while pending and self._count < ROUTE_LIMIT:
            current = pending.pop()
            if isinstance(current, ast.Call) and module.resolve(current.func).rpartition(".")[2] in PATHS:
                yield from self._path(module, current, prefix, depth)
            elif isinstance(current, ast.Attribute) and current.attr == "urls":
                yield from self._rest_router(module, current.value, prefix)
            elif not isinstance(current, ast.Lambda):
                pending += reversed(list(ast.iter_child_nodes(current)))

    def _path(self, module: Module, call: ast.Call, prefix: str, depth: int) -> Iterator[Route]:
        self._count += 1
        written = text_of(argument(call, 0, "route")) or ""
        path = join(prefix, plain(written) if module.resolve(call.func).rpartition(".")[2] != "path" else written)
        view = argument(call, 1, "view")
        if isinstance(view, ast.Call) and module.resolve(view.func).rpartition(".")[2] == "include" and view.args:
            yield from self._include(module, view.args[0], path, depth)
        elif isinstance(view, ast.Attribute) and view.attr == "urls":
            key = self.routers.key(module, view.value)
            if key is not None:
                self.routers.mount_outside(key, path)
            yield Route(path, module.resolve(view), module.where(call), "django")
        else:
            yield self._view(module, call, view, path)

    def _view(self, module: Module, call: ast.Call, view: ast.expr | None, path: str) -> Route:
        name, definition, inside = resolve_handler(self.routers, module, view)
        wrapped = [view] if isinstance(view, ast.Call) else []
        owner = inside or module
        guarded = is_protected(owner, definition, wrapped) or self._by_default(owner, definition)
        touched = self.routers.touches.of(owner, definition) if is_worth_following(path, name) else ()
        metrics = "ExportToDjangoView" in name
        return Route(path, name, module.where(call), "django", touched or _named_checks(view), guarded, metrics)

    def _by_default(self, module: Module, definition: ast.AST | None) -> bool:
        decorators = getattr(definition, "decorator_list", [])
        names = [module.resolve(item.func if isinstance(item, ast.Call) else item) for item in decorators]
        if any(name.endswith("login_not_required") for name in names):
            return False
        bases = [module.resolve(base) for base in getattr(definition, "bases", [])]
        rest = any(name.endswith("api_view") for name in names) or any("rest_framework" in base for base in bases)
        explicit = any(name.endswith("permission_classes") for name in names) or _sets_permission(definition)
        return self.guarded or (rest and self.rest_guarded and not explicit)

    def _include(self, module: Module, node: ast.expr, path: str, depth: int) -> Iterator[Route]:
        if isinstance(node, ast.Tuple) and node.elts:
            node = node.elts[0]  # (patterns, application namespace)
        name = text_of(node)
        if name is not None:
            yield from self._named(module, node, name, path, depth)
        elif isinstance(node, ast.Attribute) and node.attr == "urls":
            yield from self._rest_router(module, node.value, path)
        elif isinstance(node, ast.Name) and (listed := module.variable(node.id)) is not None:
            yield from self._listed(module, listed, path, depth)
        elif isinstance(node, ast.Name | ast.Attribute):
            yield from self._named(module, node, module.resolve(node), path, depth)
        elif depth < DEPTH_LIMIT:
            yield from self._patterns(module, node, path, depth + 1)

    def _listed(self, module: Module, node: ast.expr, path: str, depth: int) -> Iterator[Route]:
        """A list by its name; one that includes itself (`urlpatterns = [path(…, include(urlpatterns))]`) ends here."""
        if id(node) not in self._open and depth < DEPTH_LIMIT:
            self._open.add(id(node))
            yield from self._patterns(module, node, path, depth + 1)
            self._open.discard(id(node))

    def _named(self, module: Module, node: ast.expr, name: str, path: str, depth: int) -> Iterator[Route]:
        for below, handler, checks in LIBRARIES.get(name, ()):
            touched = checks or (self.checked if name == "health_check.urls" else ())
            metrics = "prometheus" in name
            yield Route(join(path, below), handler, module.where(node), "django", touched, metrics=metrics)
        found = self.project.find(name, module.path)
        target = self.project.module(found[0]) if found is not None else None
        if target is not None and found is not None and name not in LIBRARIES:
            yield from self._module(target, path, depth + 1)

    def _rest_router(self, module: Module, node: ast.expr, path: str) -> Iterator[Route]:
        """`router.register("users", UserViewSet)` of Django REST framework."""
        key = self.routers.key(module, node)
        owner = self.project.module(key[0]) if key is not None else None
        if owner is None or key is None:
            return
        for call in owner.calls:
            if len(call.args) > 1 and _registers_on(call, key[1]):
                name, definition, inside = resolve_handler(self.routers, owner, call.args[1])
                inside = inside or owner
                guarded = is_protected(inside, definition) or self._by_default(inside, definition)
                written = plain(text_of(call.args[0]) or "")
                yield Route(join(path, written + "/"), name, owner.where(call), "django", (), guarded)


def _registers_on(call: ast.Call, router: str) -> bool:
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr != "register":
        return False
    return isinstance(function.value, ast.Name) and function.value.id == router


def pattern_nodes(module: Module) -> Iterator[ast.AST]:
    """Everything assigned or added to `urlpatterns`."""
    for node in (*module.assignments, *module.additions):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if node.value is not None and any(isinstance(item, ast.Name) and item.id == "urlpatterns" for item in targets):
            yield node.value
    for call in module.calls:
        if _adds_to_patterns(call.func):
            yield from call.args


def _adds_to_patterns(function: ast.expr) -> bool:
    owner = function.value if isinstance(function, ast.Attribute) else None
    return isinstance(owner, ast.Name) and owner.id == "urlpatterns"


def plain(pattern: str) -> str:
    """A regular expression of a URL as a readable path."""
    return REGEX_SIGNS.sub("", GROUP.sub(lambda match: f"<{match.group(1) or 'group'}>", pattern[:500]))


def root_modules(project: Project, settings: list[Module], modules: list[Module]) -> list[Module]:
    """The modules that ROOT_URLCONF names; without one, URL modules that no other includes."""
    named = [text for module in settings if (text := text_of(module.variable("ROOT_URLCONF")))]
    found = [project.find(name) for name in dict.fromkeys(named)]
    roots = [module for item in found if item is not None and (module := project.module(item[0])) is not None]
    if roots:
        return roots
    candidates = [module for module in modules if any(True for _ in pattern_nodes(module))]
    included = {text for module in candidates for call in module.calls for text in constants(call)}
    return [module for module in candidates if not any(module.name.endswith(text) for text in included if "." in text)]


def _texts(settings: list[Module], name: str) -> Iterator[str]:
    for module in settings:
        for node in module.assignments:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == name for target in targets) and node.value is not None:
                yield from constants(node.value)


def _health_checks(settings: list[Module]) -> tuple[str, ...]:
    apps = [text for module in settings for text in constants(module.tree) if text in HEALTH_CHECK_APPS]
    return tuple(dict.fromkeys(HEALTH_CHECK_APPS[app] for app in apps))


def _rest_asks(module: Module) -> bool:
    """REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"] names something other than AllowAny."""
    value = module.variable("REST_FRAMEWORK")
    for key, item in zip(value.keys, value.values, strict=True) if isinstance(value, ast.Dict) else ():
        if key is not None and text_of(key) == "DEFAULT_PERMISSION_CLASSES":
            names = list(constants(item))
            return bool(names) and not any("AllowAny" in name or "ReadOnly" in name for name in names)
    return False


def _sets_permission(definition: ast.AST | None) -> bool:
    body = getattr(definition, "body", []) if isinstance(definition, ast.ClassDef) else []
    return any(
        isinstance(target, ast.Name) and target.id in ("permission_classes", "authentication_classes")
        for statement in body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
    )


def _named_checks(view: ast.expr | None) -> tuple[str, ...]:
    """`HealthCheckView.as_view(checks=["health_check.Database"])` of django-health-check 4."""
    checks = keyword(view, "checks") if isinstance(view, ast.Call) else None
    names = {text.rpartition(".")[2] for text in constants(checks)} if checks is not None else set()
    return tuple(label for name, label in CHECK_NAMES.items() if name in names)
