"""What a request handler checks, and whether it asks for credentials."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from analyzers import regexes as re
from analyzers.code.module import Definition, Module, argument, keyword, walk
from analyzers.code.project import Project

FOLLOW_DEPTH = 3
FOLLOW_LIMIT = 40

# What the end of a called name says about the dependency that it reaches.
TOUCHES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("redis", re.compile(r"redis.*\.(?:ping|get|set|info)$|(?:^|\.)(?:r|rdb|cache_client)(?:\(\))?\.ping$", re.I)),
    ("cache", re.compile(r"cache(?:s)?(?:\(\))?\.(?:set|get|has_key|add|touch)$")),
    (
        "celery",
        re.compile(r"control\.(?:inspect|ping)|inspect\(\)\.(?:ping|active|stats)$|celery.*\.ping$|\.apply_async$"),
    ),
    ("broker", re.compile(r"pika\.|kombu\.|amqp|kafka|(?:^|\.)ensure_connection$.*broker", re.I)),
    (
        "http",
        re.compile(r"^(?:requests|httpx|aiohttp|urllib3?)\.|(?:^|\.)urlopen$|AsyncClient\(\)\.(?:get|head|post)$"),
    ),
    ("storage", re.compile(r"\.(?:head_bucket|list_buckets|bucket_exists)$|default_storage\.")),
    ("search", re.compile(r"(?:elasticsearch|opensearch|es_client|elastic).*\.(?:ping|info|health)$", re.I)),
    (
        "database",
        re.compile(
            r"\.(?:execute|cursor|ensure_connection|is_usable|fetchval|fetchrow|fetch_one|scalars?|exec|executescript"
            r"|get_tables|admin\.command|server_info|raw_connection|connect)$|(?:^|\.)objects\.|\.query(?:\(\))?\."
            r"|(?:^|\.)MigrationExecutor$|^django\.db\.connections?\b|^(?:psycopg2?|asyncpg|pymysql|sqlite3)\."
        ),
    ),
    ("ping", re.compile(r"\.ping$")),
)
# A helper that cannot be followed still says by its name what it checks.
NAMED: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "database",
        re.compile(r"(?:check|ping|test|verify|is|wait|health)\w{0,20}_(?:db|database|postgres|mysql|sql|mongo)", re.I),
    ),
    (
        "database",
        re.compile(r"(?:^|_)(?:db|database|postgres|mongo)_?(?:is_)?(?:check|ping|health|ok|alive|ready|up)", re.I),
    ),
    ("redis", re.compile(r"(?:check|ping|test)\w{0,20}_redis|redis_?(?:check|ping|health|available)", re.I)),
)
AUTHENTICATION = re.compile(
    r"login_required|jwt_required|auth(?!or|lib\b)|current_?(?:active_?)?(?:super)?user|permission_required|staff_member"
    r"|verify_token|api_?key|require_token|is_?admin|superuser|\bSecurity\b|HTTPBasic|HTTPBearer|OAuth2",
    re.I,
)
OPEN = re.compile(
    r"not_required|exempt|AllowAny|optional|anonymous|permit_all|skip_auth|no_auth|unauthenticated|public", re.I
)


class Touches:
    """Dependencies that handlers reach, through functions of the project too; each function is read once."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._known: dict[int, frozenset[str]] = {}
        self._kept: list[ast.AST] = []  # ids stay unique while their nodes live

    def of(self, module: Module, handler: ast.AST | None) -> tuple[str, ...]:
        found = set(self._reached(module, handler, 0)) if handler is not None else set()
        if found == {"ping"}:
            return ("service",)
        return tuple(sorted(found - {"ping"}))

    def _reached(self, module: Module, node: ast.AST, depth: int) -> frozenset[str]:
        if id(node) not in self._known:
            self._kept.append(node)
            self._known[id(node)] = frozenset()  # a cycle adds nothing
            self._known[id(node)] = frozenset(self._read(module, node, depth))
        return self._known[id(node)]

    def _read(self, module: Module, node: ast.AST, depth: int) -> Iterator[str]:
        followed = 0
        for inner in walk(node):
            if isinstance(inner, ast.Call):
                callee = module.resolve(inner.func)
                kind = next((name for name, pattern in TOUCHES if callee and pattern.search(callee)), None)
                if kind is not None:
                    yield kind
                elif callee and depth < FOLLOW_DEPTH and followed < FOLLOW_LIMIT:
                    followed += 1
                    yield from self._followed(module, callee, depth)
            elif isinstance(inner, ast.Constant) and inner.value == "SELECT 1":
                yield "database"

    def _followed(self, module: Module, callee: str, depth: int) -> Iterable[str]:
        found = find_definition(self.project, module, callee)
        if found is not None:
            return self._reached(found[0], found[1], depth + 1)
        last = callee.rpartition(".")[2]
        return [name for name, pattern in NAMED if pattern.search(last)]


def find_definition(project: Project, module: Module, name: str) -> tuple[Module, Definition] | None:
    """The function or class behind a dotted name, in this module or another one of the project."""
    name = name.replace("()", "")
    if "." not in name or name.startswith("self."):
        local = module.definition(name.removeprefix("self."))
        if local is not None:
            return module, local
    located = project.locate(module, name)
    if located is None:
        return None
    definition = located[0].definition(located[1].rpartition(".")[2])
    return (located[0], definition) if definition is not None else None


def is_protected(module: Module, handler: ast.AST | None, dependencies: Iterable[ast.expr | None] = ()) -> bool:
    """By decorator, injected dependency, or a class's permission settings, as far as can be seen."""
    if any(_asks(module, node) for node in dependencies if node is not None):
        return True
    if isinstance(handler, ast.ClassDef):
        return _class_asks(module, handler)
    if isinstance(handler, ast.FunctionDef | ast.AsyncFunctionDef):
        return _function_asks(module, handler)
    return False


def _asks(module: Module, node: ast.AST) -> bool:
    """Some name inside speaks of authentication, none of an exemption."""
    names = [inner.id for inner in walk(node) if isinstance(inner, ast.Name)]
    names += [inner.attr for inner in walk(node) if isinstance(inner, ast.Attribute)]
    return any(AUTHENTICATION.search(name) for name in names) and not any(OPEN.search(name) for name in names)


def _function_asks(module: Module, handler: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    for decorator in handler.decorator_list:
        guards = keyword(decorator, "dependencies") if isinstance(decorator, ast.Call) else None
        if guards is not None and _asks(module, guards):
            return True
        name = module.resolve(decorator.func if isinstance(decorator, ast.Call) else decorator)
        if AUTHENTICATION.search(name.rpartition(".")[2]) and not OPEN.search(name.rpartition(".")[2]):
            return True
        if name.endswith("permission_classes") and isinstance(decorator, ast.Call):
            return _permission(module, argument(decorator, 0, "permission_classes"))
    arguments = handler.args
    injected = [item.annotation for item in (*arguments.args, *arguments.kwonlyargs)]
    injected += [*arguments.defaults, *arguments.kw_defaults]
    return any(_asks(module, node) for node in injected if node is not None)


def _class_asks(module: Module, handler: ast.ClassDef) -> bool:
    bases = [module.resolve(base) for base in handler.bases]
    if any(base.endswith(("LoginRequiredMixin", "PermissionRequiredMixin", "UserPassesTestMixin")) for base in bases):
        return True
    for statement in handler.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id == "permission_classes" for target in targets):
            return _permission(module, statement.value if isinstance(statement, ast.Assign) else None)
    return any(AUTHENTICATION.search(module.resolve(item)) for item in handler.decorator_list)


def _permission(module: Module, node: ast.expr | None) -> bool:
    """Django REST framework: any class but AllowAny."""
    names = [inner for inner in walk(node) if isinstance(inner, ast.Name | ast.Attribute)] if node is not None else []
    return bool(names) and not any("AllowAny" in module.resolve(name) for name in names)
