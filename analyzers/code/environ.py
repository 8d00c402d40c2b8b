"""Expressions that read the environment: which variable, and what counts as on."""

from __future__ import annotations

import ast

from analyzers.code.module import Module, argument, keyword, text_of
from analyzers.records import dataclass

READERS = (
    "os.environ.get",
    "os.getenv",
    "environ.get",
    "getenv",
    "decouple.config",
    "decouple.config()",
    "config",
    "env",
    "env.bool",
    "env.str",
    "env.get",
    "environ.Env().bool",
    "environ.Env()",
    "environ.Env().get_value",
    "environ.FileAwareEnv()",
    "environ.FileAwareEnv().bool",
    "environs.Env().bool",
    "environs.Env()",
    "starlette.config.Config()",
    "dynaconf.settings.get",
)
FALSE_TEXTS = frozenset({"", "0", "false", "no", "off", "none", "f", "n"})
NEGATIONS = (ast.NotEq, ast.NotIn)
DEPTH_LIMIT = 6


@dataclass(frozen=True, slots=True)
class Switch:
    """`default_on`: what it is when the variable is unset. `on_when`: "" for any switched-on value, "=X" for exactly X,
    "!=X" for anything but X, "set" where any text but the empty one counts (`bool(os.environ…)`)."""

    variable: str
    default: str | None
    default_on: bool
    on_when: str = ""


def reads(module: Module, node: ast.expr | None) -> tuple[str, ast.expr | None] | None:
    """(variable, its default) where an expression reads one; helper functions count by an env-like name."""
    if isinstance(node, ast.Subscript) and module.resolve(node.value) in ("os.environ", "environ"):
        variable = text_of(node.slice)
        return (variable, None) if variable else None
    if not isinstance(node, ast.Call):
        return None
    callee = module.resolve(node.func)
    variable = text_of(argument(node, 0, "var"))
    if not variable or not (callee in READERS or _looks_like_reader(callee)):
        return None
    return variable, argument(node, 1, "default")


def _looks_like_reader(callee: str) -> bool:
    """`get_bool_from_env`, `env_bool`, `_getenv`, `envbool`."""
    name = callee.removesuffix("()").rpartition(".")[2].lower()
    return "env" in name or name in ("strtobool", "get_boolean", "__get_boolean")


def switch(module: Module, node: ast.expr | None, depth: int = 0) -> Switch | None:
    """How an environment variable decides a boolean expression; None where none does."""
    if node is None or depth > DEPTH_LIMIT:
        return None
    found = reads(module, node)
    if found is not None:
        return _plain(*found)
    if isinstance(node, ast.Compare) and len(node.comparators) == 1:
        return _compared(module, node, depth)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = switch(module, node.operand, depth + 1)
        return inner and Switch(inner.variable, inner.default, not inner.default_on, "!")
    if isinstance(node, ast.BoolOp | ast.IfExp):
        return _either(module, node, depth)
    return _wrapped(module, node, depth)


def _plain(variable: str, default: ast.expr | None) -> Switch:
    value = default.value if isinstance(default, ast.Constant) else None
    text = None if value is None else str(value)
    return Switch(variable, text, text is not None and text.lower() not in FALSE_TEXTS)


def _wrapped(module: Module, node: ast.expr, depth: int) -> Switch | None:
    """`int(…)`, `bool(…)`, `strtobool(…)`, `(…).lower()`: what is inside decides."""
    if isinstance(node, ast.Attribute):
        return switch(module, node.value, depth + 1)
    if not isinstance(node, ast.Call):
        return None
    if isinstance(node.func, ast.Attribute) and not node.args:
        return switch(module, node.func.value, depth + 1)
    inner = next((found for item in node.args[:2] if (found := switch(module, item, depth + 1))), None)
    if inner is not None and module.resolve(node.func) == "bool":
        return _cast_to_bool(module, node.args[0]) or inner
    return inner


def _cast_to_bool(module: Module, node: ast.expr) -> Switch | None:
    """`bool(os.environ.get("X", default))`: any text but the empty one is true, "0" and "False" too."""
    found = reads(module, node)
    if found is None:
        return None
    variable, default = found
    value = default.value if isinstance(default, ast.Constant) else None
    return Switch(variable, None if value is None else str(value), bool(value), "set")


def _compared(module: Module, node: ast.Compare, depth: int) -> Switch | None:
    left, right = node.left, node.comparators[0]
    by_left = switch(module, left, depth + 1)
    inner = by_left or switch(module, right, depth + 1)
    if inner is None:
        return None
    other = right if by_left else left
    values = _values(other)
    negative = isinstance(node.ops[0], NEGATIONS)
    default_on = ((inner.default or "").lower() in {value.lower() for value in values}) != negative
    plain = not negative and any(value.lower() in ("1", "true", "on", "yes", "t") for value in values)
    sign = "!=" if negative else "="
    return Switch(inner.variable, inner.default, default_on, "" if plain else f"{sign}{','.join(values)}")


def _values(node: ast.expr) -> list[str]:
    items = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    return [str(item.value) for item in items if isinstance(item, ast.Constant)]


def _either(module: Module, node: ast.BoolOp | ast.IfExp, depth: int) -> Switch | None:
    items = node.values[:5] if isinstance(node, ast.BoolOp) else [node.test, node.body, node.orelse]
    return next((found for item in items if (found := switch(module, item, depth + 1))), None)


def switch_of_settings_field(node: ast.AnnAssign) -> bool | None:
    """The default of a pydantic settings field: `debug: bool = True` or `Field(True, …)`."""
    value = node.value
    if isinstance(value, ast.Call):
        value = argument(value, 0, "default") or keyword(value, "default")
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, bool) else None
