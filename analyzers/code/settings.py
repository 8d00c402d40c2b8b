"""Development switches: DEBUG of Django settings, Flask configurations, pydantic settings and application calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from analyzers import regexes as re
from analyzers.artifacts.code import Call
from analyzers.code.environ import reads, switch, switch_of_settings_field
from analyzers.code.module import Module, is_true, keyword, text_of, walk
from analyzers.records import replace

DEVELOPMENT_NAME = re.compile(
    r"(?:^|[^a-z])(?:dev|develop|development|local|tests?|testing|ci|debug)(?:$|[^a-z])", re.I
)
DEVELOPMENT_CLASS = re.compile(r"^(?:Dev|Local|Test|Debug)|(?:Dev|Local|Testing|Test)(?:Config|Settings)?$")
APPLICATIONS = ("flask.Flask()", "fastapi.FastAPI()", "starlette.applications.Starlette()", "quart.Quart()")
SETTINGS_NAME = re.compile(r"(?:^|[./_])(?:settings?|config|configuration|conf|base|common|production|prod)(?:[./_]|$)")
SETTINGS_BASES = ("BaseSettings",)


def is_settings(module: Module) -> bool:
    """A module of plain settings: Django's, or a Flask configuration file."""
    names = {target.id for node in module.assignments for target in _targets(node)}
    return bool(names & {"INSTALLED_APPS", "ROOT_URLCONF", "SECRET_KEY"}) or bool(SETTINGS_NAME.search(module.name))


def is_django_settings(module: Module) -> bool:
    names = {target.id for node in module.assignments for target in _targets(node)}
    return bool(names & {"INSTALLED_APPS", "ROOT_URLCONF", "MIDDLEWARE", "REST_FRAMEWORK"})


def is_development_settings(path: str) -> bool:
    return DEVELOPMENT_NAME.search(path.rpartition("/")[2].removesuffix(".py").lower()) is not None


def read(module: Module) -> Iterator[Call]:
    yield from _module_level(module)
    yield from _classes(module)
    for call in module.calls:
        yield from _debug_argument(module, call)
        if module.resolve(call.func) == "bool" and call.args and reads(module, call.args[0]):
            variable, _ = reads(module, call.args[0]) or ("", None)
            yield Call("bool_environ", variable, module.where(call))
    yield from _attributes(module)


def _targets(node: ast.Assign | ast.AnnAssign) -> list[ast.Name]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [target for target in targets if isinstance(target, ast.Name)]


def _module_level(module: Module) -> Iterator[Call]:
    """The last unconditional `DEBUG = …` decides; conditional ones follow it as they come."""
    if not is_settings(module):
        return
    own = [node for node in module.tree.body if _is_debug(node)]
    for node in own[-1:]:
        yield from _assigned(module, node, "")
    top = {id(node) for node in own}
    for statement in module.tree.body:
        if isinstance(statement, ast.If | ast.Try):
            for inner in walk(statement):
                if _is_debug(inner) and id(inner) not in top:
                    yield from _conditional(module, statement, inner)


def _is_debug(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign | ast.AnnAssign) and any(target.id == "DEBUG" for target in _targets(node))


def _assigned(module: Module, node: ast.AST, owner: str) -> Iterator[Call]:
    value = getattr(node, "value", None)
    test = is_development_settings(module.path) or DEVELOPMENT_CLASS.search(owner) is not None
    label = f"{module.name}.{owner}" if owner else module.name
    if is_true(value):
        yield Call("debug_on", f"DEBUG = True in {label}", module.where(node), test)
    if isinstance(value, ast.Constant) and value.value is False:
        yield Call("debug_off", f"DEBUG = False in {label}", module.where(node), test)
    found = switch(module, value)
    if found is not None:
        detail = f"{found.variable} ({found.default if found.default is not None else ''})"
        yield Call(
            "debug_env",
            detail,
            module.where(node),
            test,
            variable=found.variable,
            default_on=found.default_on,
            on_when=found.on_when,
        )


def _conditional(module: Module, statement: ast.stmt, node: ast.AST) -> Iterator[Call]:
    """`if os.environ.get("X"): DEBUG = True`: the test's variable decides."""
    found = switch(module, statement.test) if isinstance(statement, ast.If) else None
    if found is None or not is_true(getattr(node, "value", None)):
        return
    detail = f"{found.variable} ({found.default if found.default is not None else ''})"
    call = Call("debug_env", detail, module.where(node), is_development_settings(module.path))
    yield replace(call, variable=found.variable, default_on=found.default_on, on_when=found.on_when)


def _classes(module: Module) -> Iterator[Call]:
    for node in module.definitions:
        if isinstance(node, ast.ClassDef) and not _is_other_class(module, node):
            for statement in node.body:
                if _is_debug(statement):
                    yield from _assigned(module, statement, node.name)
                elif isinstance(statement, ast.AnnAssign) and _is_settings_class(module, node):
                    yield from _field(module, node, statement)


def _is_other_class(module: Module, node: ast.ClassDef) -> bool:
    return not (SETTINGS_NAME.search(module.name) or _is_settings_class(module, node) or "onfig" in node.name)


def _is_settings_class(module: Module, node: ast.ClassDef) -> bool:
    return any(module.resolve(base).rpartition(".")[2].endswith("Settings") for base in node.bases)


def _field(module: Module, owner: ast.ClassDef, node: ast.AnnAssign) -> Iterator[Call]:
    """A pydantic settings field is read from the variable of its name (case does not matter, a prefix is not seen)."""
    name = node.target.id if isinstance(node.target, ast.Name) else ""
    if name.lower() == "debug":
        default = switch_of_settings_field(node)
        test = DEVELOPMENT_CLASS.search(owner.name) is not None
        detail = f"{name.upper()} ({default if default is not None else ''})"
        call = Call("debug_env", detail, module.where(node), test)
        yield replace(call, variable=name.upper(), default_on=bool(default))


def _debug_argument(module: Module, call: ast.Call) -> Iterator[Call]:
    """`app.run(debug=True)`, `FastAPI(debug=True)`."""
    callee = module.resolve(call.func)
    value = keyword(call, "debug")
    applies = callee.endswith(".run") or f"{callee}()" in APPLICATIONS or callee.rpartition(".")[2] == "Application"
    if not applies or value is None:
        return
    name = callee.rpartition(".")[2]
    if is_true(value):
        yield Call("debug_on", f"{name}(debug=True)", module.where(call), reachable=id(call) not in module.guarded)
    found = switch(module, value)
    if found is not None:
        detail = f"{found.variable} ({found.default if found.default is not None else ''})"
        plain = Call("debug_env", detail, module.where(call), reachable=id(call) not in module.guarded)
        yield replace(plain, variable=found.variable, default_on=found.default_on, on_when=found.on_when)


def _attributes(module: Module) -> Iterator[Call]:
    """`app.debug = True`, `app.config["DEBUG"] = True`."""
    for node in module.assignments:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if is_true(node.value) and any(_is_debug_target(module, target) for target in targets):
            yield Call("debug_on", "app.debug = True", module.where(node), reachable=id(node) not in module.guarded)


def _is_debug_target(module: Module, target: ast.expr) -> bool:
    if isinstance(target, ast.Attribute) and target.attr == "debug":
        return module.resolve(target.value) in APPLICATIONS
    if isinstance(target, ast.Subscript) and text_of(target.slice) == "DEBUG":
        return module.resolve(target.value).endswith(".config")
    return False
