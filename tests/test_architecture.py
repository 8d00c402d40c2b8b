"""The import rules that import-linter cannot express, read from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CHECKS = ROOT / "analyzers" / "checks"
IMPURE = {
    "os", "pathlib", "subprocess", "socket", "time", "random", "io", "shutil", "tempfile", "glob", "secrets",
    "urllib", "http", "asyncio", "threading", "multiprocessing", "sys", "importlib", "logging",
}  # fmt: skip
CHECKS_MAY_IMPORT = (
    "analyzers.artifacts",
    "analyzers.results",
    "analyzers.check",
    "analyzers.dockerfile",
    "analyzers.checks",
    "analyzers.records",
    "analyzers.regexes",
)
ENGINE = "analyzers/engine/"
PACKAGES = ("analyzers", "reviews", "config")


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every imported module's full name with its line; `from a import b` gives both `a` and `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@pytest.mark.parametrize("path", modules("analyzers/checks"), ids=name_of)
def test_a_check_does_no_input_or_output(path: Path) -> None:
    impure = [(name, line) for name, line in imports(parse(path)) if name.split(".")[0] in IMPURE]
    assert not impure, f"{name_of(path)} imports {impure}"


@pytest.mark.parametrize("path", modules("analyzers/checks"), ids=name_of)
def test_a_check_reads_no_file_and_no_clock(path: Path) -> None:
    names = {node.id for node in ast.walk(parse(path)) if isinstance(node, ast.Name)}
    attributes = {node.attr for node in ast.walk(parse(path)) if isinstance(node, ast.Attribute)}
    assert not names & {"open", "eval", "exec", "__import__", "print", "input"}
    assert not attributes & {"now", "today", "utcnow"} - ({"today"} if _takes_the_audit_s_date(path) else set())


@pytest.mark.parametrize("path", modules("analyzers/checks"), ids=name_of)
def test_a_check_sees_artifacts_and_results_only(path: Path) -> None:
    ours = [name for name, _ in imports(parse(path)) if name.startswith("analyzers")]
    assert all(name == "analyzers" or name.startswith(CHECKS_MAY_IMPORT) for name in ours), ours


@pytest.mark.parametrize("path", modules("analyzers/checks"), ids=name_of)
def test_checks_never_import_checks(path: Path) -> None:
    """From the checklist's folders only modules that start with `_` may be imported."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("analyzers.checks."):
            assert (node.module or "").rsplit(".", 1)[-1].startswith("_"), f"{name_of(path)}:{node.lineno}"


@pytest.mark.parametrize("path", modules("analyzers/gatherers"), ids=name_of)
def test_gatherers_never_import_gatherers(path: Path) -> None:
    own = name_of(path).removesuffix(".py").replace("/", ".")
    others = [
        name
        for name, _ in imports(parse(path))
        if name.startswith("analyzers.gatherers.") and not name.startswith(own) and "._" not in name
    ]
    assert not others, others


@pytest.mark.parametrize("path", modules(*PACKAGES), ids=name_of)
def test_no_import_stands_inside_a_function(path: Path) -> None:
    functions = [n for n in ast.walk(parse(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)]
    inside = [n.lineno for f in functions for n in ast.walk(f) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert not inside, f"{name_of(path)}: lines {inside}"


@pytest.mark.parametrize("path", modules(*PACKAGES), ids=name_of)
def test_only_the_engine_package_reaches_docker(path: Path) -> None:
    """Neither the SDK nor the command-line client: an argument list that starts with "docker" is a call of it."""
    if name_of(path).startswith(ENGINE):
        return
    tree = parse(path)
    assert not [line for name, line in imports(tree) if name.split(".")[0] == "docker"]
    assert not [call.lineno for call in ast.walk(tree) if isinstance(call, ast.Call) and _runs_docker(call)]


def _runs_docker(call: ast.Call) -> bool:
    """`subprocess.run(["docker", …])`, also by a name such as `shutil.which("docker")`."""
    function = call.func
    owner = function.value.id if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) else ""
    first = call.args[0] if call.args else None
    head = first.elts[0] if isinstance(first, ast.List | ast.Tuple) and first.elts else first
    return owner in {"subprocess", "shutil", "os"} and isinstance(head, ast.Constant) and head.value == "docker"


def _takes_the_audit_s_date(path: Path) -> bool:
    """`AuditDate.today` is a field of an artifact, not the clock."""
    return any(name.endswith("AuditDate") for name, _ in imports(parse(path)))
