"""Handlers for the stop signal, and other programs that the code starts."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from analyzers import regexes as re
from analyzers.artifacts.code import Call
from analyzers.code.module import Module, text_of, walk

STARTERS = frozenset(
    {
        "subprocess.run",
        "subprocess.Popen",
        "subprocess.call",
        "subprocess.check_call",
        "subprocess.check_output",
        "subprocess.getoutput",
        "os.system",
        "os.popen",
        "asyncio.create_subprocess_exec",
        "asyncio.create_subprocess_shell",
        "shutil.which",
    }
)
PROGRAM = re.compile(r"^[A-Za-z0-9_./-]+")


def read(module: Module) -> Iterator[Call]:
    for call in module.calls:
        callee = module.resolve(call.func)
        if callee in ("signal.signal", "signal.sigwait") or callee.endswith(".add_signal_handler"):
            if _names_term(module, call):
                yield Call("signal_handler", "SIGTERM", module.where(call), reachable=id(call) not in module.guarded)
        elif callee in STARTERS:
            program = _program(call)
            if program:
                yield Call("program", program, module.where(call))


def _names_term(module: Module, call: ast.Call) -> bool:
    """Named itself, or by a loop over the signals around the call."""
    texts = [module.resolve(item) for item in call.args[:1]]
    if any(text.endswith("SIGTERM") for text in texts):
        return True
    variable = call.args[0].id if call.args and isinstance(call.args[0], ast.Name) else ""
    return bool(variable) and any(_loops_over_term(node, variable) for node in walk(module.tree))


def _loops_over_term(node: ast.AST, variable: str) -> bool:
    if not isinstance(node, ast.For) or not isinstance(node.target, ast.Name) or node.target.id != variable:
        return False
    return any(isinstance(item, ast.Attribute) and item.attr == "SIGTERM" for item in walk(node.iter))


def _program(call: ast.Call) -> str:
    first = call.args[0] if call.args else None
    if isinstance(first, ast.List | ast.Tuple) and first.elts:
        first = first.elts[0]
    match = PROGRAM.match(text_of(first) or "")
    return match.group().rpartition("/")[2] if match else ""
