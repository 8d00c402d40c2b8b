"""What a fresh process loads: the command line starts often."""

import subprocess
import sys
from pathlib import Path

from analyzers import regexes
from analyzers.lazy import lazy
from analyzers.modules import modules_of

HEAVY = {"yaml", "packaging", "dataclasses", "inspect", "logging", "pathlib", "socket", "ssl", "subprocess", "tomllib"}
AUDIT = "import sys; from analyzers.cli import main; main([sys.argv[1]]); sys.stderr.write(' '.join(sys.modules))"


def test_an_audit_of_a_dockerfile_alone_loads_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM python:3.12-slim\nCOPY . .\nCMD ['python']\n")
    run = subprocess.run([sys.executable, "-c", AUDIT, tmp_path], capture_output=True, text=True, check=True)
    assert HEAVY & set(run.stderr.split()) == set()


def test_a_lazy_module_gives_what_the_module_holds() -> None:
    assert lazy("json").dumps([1]) == "[1]"


def test_a_lazy_pattern_works_as_the_pattern() -> None:
    found = regexes.compile(r"(a)b", regexes.IGNORECASE)
    assert found.sub(r"\1", "xAB") == "xA"
    assert [match[1] for match in found.finditer("ab AB")] == ["a", "A"]
    assert found.pattern == "(a)b"


def test_the_modules_of_a_package_are_found_at_any_depth(tmp_path: Path) -> None:
    for path in ("a.py", "__init__.py", "data.toml", "deep/__init__.py", "deep/b.py", "deep/__pycache__/b.pyc"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    package = type(sys)("package")
    package.__path__ = [str(tmp_path)]
    assert modules_of(package) == ["package.a", "package.deep.b"]
