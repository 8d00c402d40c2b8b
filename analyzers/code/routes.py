"""Routes of Flask, FastAPI, Starlette, aiohttp, Tornado, Sanic, Litestar, Quart, Falcon, Bottle and the like."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from analyzers import regexes as re
from analyzers.artifacts.code import Route
from analyzers.code.handlers import find_definition, is_protected
from analyzers.code.module import Definition, Module, argument, keyword, text_of, walk
from analyzers.code.routers import Routers

FRAMEWORK_NAMES = """
    fastapi flask quart sanic litestar starlette aiohttp bottle falcon tornado ninja robyn connexion flask_restful
    flask_restx flask_smorest apiflask nicegui dash
"""
METHODS = frozenset(
    {
        "route",
        "get",
        "post",
        "put",
        "delete",
        "patch",
        "head",
        "options",
        "api_route",
        "websocket",
        "custom_route",
        "view",
    }
)
FRAMEWORKS = tuple(FRAMEWORK_NAMES.split())
# call → (position of the path, position of the handler)
ADDERS = {
    "add_url_rule": (0, 2),
    "add_api_route": (0, 1),
    "add_route": (0, 1),
    "add_get": (0, 1),
    "add_post": (0, 1),
    "add_view": (0, 1),
    "add_resource": (1, 0),
    "add_websocket_route": (0, 1),
}
CONSTRUCTED = {
    "Route": (0, 1),
    "APIRoute": (0, 1),
    "aiohttp.web.get": (0, 1),
    "aiohttp.web.head": (0, 1),
    "aiohttp.web.route": (1, 2),
    "tornado.web.url": (0, 1),
}
PATH_ATTRIBUTES = frozenset({"path", "path_info", "raw_path", "url.path"})
SERVES_METRICS = re.compile(r"(?:make_[aw]sgi_app|handle_metrics|generate_latest|ExportToDjangoView)")


def read(routers: Routers, module: Module) -> Iterator[Route]:
    for definition in module.definitions:
        yield from _decorated(routers, module, definition)
    for call in module.calls:
        yield from _added(routers, module, call)
        yield from _libraries(routers, module, call)
    yield from _tornado(routers, module)
    yield from _compared(routers, module)


def framework(module: Module) -> str:
    tops = {name.split(".")[0] for name in module.imported}
    return next(
        (name for name in FRAMEWORKS if name in tops), "http.server" if "http.server" in module.imported else ""
    )


def _decorated(routers: Routers, module: Module, definition: Definition) -> Iterator[Route]:
    for decorator in definition.decorator_list:
        if not isinstance(decorator, ast.Call):
            continue
        owner, method = _owner(module, decorator)
        path = argument(decorator, 0, "path") or keyword(decorator, "rule")
        text = routers.text(module, path) if path is not None else None
        if method in METHODS and text is not None and (text.startswith(("/", "{")) or text == ""):
            yield from _routes(routers, module, owner, text, definition.name, definition, decorator)


def _owner(module: Module, decorator: ast.Call) -> tuple[ast.expr | None, str]:
    """What the decorator belongs to and its method: `app.get`, or a bare `get` of Bottle and Litestar."""
    if isinstance(decorator.func, ast.Attribute):
        return decorator.func.value, decorator.func.attr
    name = module.resolve(decorator.func)
    return None, name.rpartition(".")[2] if name.startswith(("bottle.", "litestar.", "sanic.")) else ""


def _routes(
    routers: Routers,
    module: Module,
    owner: ast.expr | None,
    path: str,
    name: str,
    handler: ast.AST | None,
    node: ast.AST,
    handler_module: Module | None = None,
) -> Iterator[Route]:
    inside = handler_module or module
    guards = [keyword(node, "dependencies"), keyword(node, "auth")] if isinstance(node, ast.Call) else []
    protected = is_protected(inside, handler, guards)
    touched = routers.touches.of(inside, handler) if is_worth_following(path, name) else ()
    metrics = (
        handler is not None and SERVES_METRICS.search(ast.dump(handler)[:50_000]) is not None
        if _is_metrics(path)
        else False
    )
    for prefix, guarded in routers.prefixes(routers.key(module, owner)):
        full = join(prefix, path)
        yield Route(full, name, module.where(node), framework(module), touched, protected or guarded, metrics)


def _is_metrics(path: str) -> bool:
    return "metrics" in path


def is_worth_following(path: str, name: str) -> bool:
    """Following every handler of a large project is slow; only health-like ones are asked what they touch."""
    return INTERESTING.search(path) is not None or INTERESTING.search(name) is not None


INTERESTING = re.compile(
    r"health|live|alive|ready|readiness|ping|status|(?:^|[/_-])up(?:$|[/_-])|beat|check|probe|databases|^/?$", re.I
)


def join(prefix: str, path: str) -> str:
    text = re.sub(r"/{2,}", "/", f"{prefix}/{path}" if prefix and path and not path.startswith("/") else prefix + path)
    return text if text.startswith(("/", "{")) else "/" + text


def _added(routers: Routers, module: Module, call: ast.Call) -> Iterator[Route]:
    name = module.resolve(call.func)
    method = call.func.attr if isinstance(call.func, ast.Attribute) else name.rpartition(".")[2]
    if method in ADDERS and isinstance(call.func, ast.Attribute):
        owner: ast.expr | None = call.func.value
        positions = ADDERS[method]
    elif name in CONSTRUCTED or name.rpartition(".")[2] in ("Route", "APIRoute"):
        owner, positions = None, CONSTRUCTED.get(name, (0, 1))
    else:
        return
    path, handler = _path_and_handler(routers, module, call, positions)
    if path is None:
        return
    handler_name, definition, inside = resolve_handler(routers, module, handler)
    yield from _routes(routers, module, owner, path, handler_name, definition, call, inside)


def _path_and_handler(
    routers: Routers, module: Module, call: ast.Call, positions: tuple[int, int]
) -> tuple[str | None, ast.expr | None]:
    first, second = (
        argument(call, positions[0], "path") or keyword(call, "rule"),
        argument(call, positions[1], "endpoint"),
    )
    handler = keyword(call, "view_func") or keyword(call, "handler") or second
    if first is not None and text_of(first) is None and text_of(second) is not None:
        first, handler = second, first  # Sanic: add_route(handler, uri)
    text = routers.text(module, first) if first is not None else None
    return (text if text and text.startswith(("/", "{")) else None), handler


def resolve_handler(
    routers: Routers, module: Module, node: ast.expr | None
) -> tuple[str, ast.AST | None, Module | None]:
    """(name, definition or lambda, the module that it stands in)."""
    if node is None:
        return "", None, None
    if isinstance(node, ast.Lambda):
        return "lambda", node, module
    name = module.resolve(node).replace(".as_view()", "").replace(".as_asgi()", "").replace(".as_view", "")
    found = find_definition(routers.project, module, name)
    if found is not None:
        return found[1].name, found[1], found[0]
    if isinstance(node, ast.Call) and node.args:
        return name.replace("()", ""), node, module
    return name.replace("()", "").rpartition(".")[2], None, None


def _libraries(routers: Routers, module: Module, call: ast.Call) -> Iterator[Route]:
    """Libraries that add a health or metrics route by themselves."""
    name = module.resolve(call.func)
    if name in ("healthcheck.HealthCheck", "py_healthcheck.HealthCheck"):
        path = text_of(argument(call, 1, "path"))
        if path:
            checks = any(module.resolve(item.func).endswith(".add_check") for item in module.calls)
            yield Route(path, "HealthCheck", module.where(call), framework(module), ("checks",) if checks else ())
    elif name.endswith(("Instrumentator().expose", "Instrumentator().instrument().expose")):
        path = text_of(keyword(call, "endpoint")) or "/metrics"
        yield Route(path, "metrics", module.where(call), "fastapi", metrics=True)
    elif name == "prometheus_flask_exporter.PrometheusMetrics":
        yield Route(text_of(keyword(call, "path")) or "/metrics", "metrics", module.where(call), "flask", metrics=True)
    elif name.endswith(".mount") and len(call.args) > 1 and SERVES_METRICS.search(module.resolve(call.args[1])):
        yield Route(text_of(call.args[0]) or "/metrics", "metrics", module.where(call), framework(module), metrics=True)


def _tornado(routers: Routers, module: Module) -> Iterator[Route]:
    """`Application([(r"/health", HealthHandler), …])`."""
    for call in module.calls:
        if not module.resolve(call.func).endswith("Application") or not call.args:
            continue
        listed = call.args[0]
        for item in listed.elts[:500] if isinstance(listed, ast.List) else ():
            path = text_of(item.elts[0]) if isinstance(item, ast.Tuple) and len(item.elts) > 1 else None
            if path is not None and isinstance(item, ast.Tuple):
                name, definition, inside = resolve_handler(routers, module, item.elts[1])
                yield from _routes(routers, module, None, path.rstrip("$"), name, definition, item, inside)


def _compared(routers: Routers, module: Module) -> Iterator[Route]:
    """`if self.path == "/health"` of a hand-written server or a middleware."""
    for node in module.comparisons:
        if _is_request_path(node.left):
            for path in _literal_paths(node):
                yield Route(path, _enclosing(module, node), module.where(node), framework(module) or "http.server")


def _enclosing(module: Module, node: ast.Compare) -> str:
    """The innermost function around a line."""
    functions = [item for item in module.definitions if not isinstance(item, ast.ClassDef)]
    around = [item for item in functions if item.lineno <= node.lineno <= (item.end_lineno or item.lineno)]
    return max(around, key=lambda item: item.lineno).name if around else ""


def _is_request_path(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr in PATH_ATTRIBUTES
        and any(isinstance(inner, ast.Name) and inner.id in ("self", "request", "req", "scope") for inner in walk(node))
    )


def _literal_paths(node: ast.Compare) -> list[str]:
    other = node.comparators[0]
    items = other.elts if isinstance(other, ast.Tuple | ast.List | ast.Set) else [other]
    return [text for item in items if (text := text_of(item)) and text.startswith("/")]
