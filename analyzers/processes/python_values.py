"""Top-level values of a Python configuration file, read without running it."""

from __future__ import annotations

from collections.abc import Mapping

from analyzers.lazy import ast

SIZE_LIMIT = 256 * 1024
Values = dict[str, tuple[str, int]]


def parse(text: str) -> ast.Module | None:
    """None for what is not Python, too large or too deep."""
    if len(text) > SIZE_LIMIT:
        return None
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def read_values(text: str, env: Mapping[str, str]) -> Values:
    """Name → (value as text, line) of plain assignments, also inside `if`; environment look-ups give the variable's
    value, else their default. A value that cannot be read is its source text."""
    module = parse(text)
    found: Values = {}
    for statement in _statements(module.body if module else []):
        value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
        for name in _names(statement) if value is not None else ():
            found[name] = (render(value, env, found), statement.lineno)
    return found


def _statements(body: list[ast.stmt], depth: int = 0) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for statement in body:
        found.append(statement)
        if isinstance(statement, ast.If | ast.Try) and depth < 4:
            found += _statements(statement.body, depth + 1)
    return found


def _names(statement: ast.stmt) -> list[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def render(node: ast.expr | None, env: Mapping[str, str], known: Values, depth: int = 0) -> str:
    if node is None or depth > 12:
        return ""
    if isinstance(node, ast.Constant):
        return str(node.value)[:200]
    if isinstance(node, ast.Name):
        return known[node.id][0] if node.id in known else node.id
    if isinstance(node, ast.Call):
        return _call(node, env, known, depth)
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
        return next((text for part in node.values if (text := render(part, env, known, depth + 1)) not in EMPTY), "")
    return _source(node)


EMPTY = frozenset({"", "None", "False", "0"})


def _call(node: ast.Call, env: Mapping[str, str], known: Values, depth: int) -> str:
    """`os.environ.get`, `os.getenv` and functions that only convert (`int`, `str2bool`, `strtobool`)."""
    called = ast.unparse(node.func) if _small(node.func) else ""
    if called.endswith(("environ.get", "getenv")) and node.args:
        name = render(node.args[0], env, known, depth + 1)
        default = node.args[1] if len(node.args) > 1 else None
        return env[name] if name in env else render(default, env, known, depth + 1)
    converts = called.rpartition(".")[2] in ("int", "str", "float", "bool", "str2bool", "strtobool", "to_bool")
    if converts and len(node.args) == 1:
        return render(node.args[0], env, known, depth + 1)
    return _source(node)


def _small(node: ast.AST) -> bool:
    return isinstance(node, ast.Name | ast.Attribute)


def _source(node: ast.AST) -> str:
    try:
        return ast.unparse(node)[:200]
    except (RecursionError, ValueError):
        return "…"
