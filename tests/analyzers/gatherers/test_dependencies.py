from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from analyzers.artifacts.dependencies import Dependencies
from analyzers.artifacts.installs import Install, InstallKind, Installs
from analyzers.artifacts.missing import Missing
from analyzers.artifacts.target import Target
from analyzers.gatherers.lint.dependencies import gather_dependencies
from tests.builders import source

NO = Missing("not gathered")


def gathered(
    root: Path, files: Mapping[str, str], *installs: tuple[str, str, tuple[str, ...]], context: str = "."
) -> Dependencies:
    """`installs` are (manager, command, manifests)."""
    made = tuple(Install(0, 0, 1, 1, m, InstallKind.DEPENDENCY, c, True, manifests=paths) for m, c, paths in installs)
    known: Installs | Missing = Installs(made) if installs else NO
    found = gather_dependencies.run(source(root, files), Target("Dockerfile", context), NO, known)
    assert isinstance(found, Dependencies)
    return found


def test_nested_requirement_files_are_followed_and_dev_files_known_but_not_installed(tmp_path: Path) -> None:
    files = {
        "requirements/base.txt": "flask\n",
        "requirements/prod.txt": "-r base.txt\ngunicorn\n",
        "requirements/dev.txt": "-r base.txt\npy-spy\n",
    }
    found = gathered(tmp_path, files, ("pip", "pip install -r requirements/prod.txt", ("requirements/prod.txt",)))
    assert {item.name for item in found.find("flask", "gunicorn", runtime_only=True)} == {"flask", "gunicorn"}
    assert found.find("py-spy", runtime_only=True) == []
    assert found.find("py-spy")[0].group == "dev"
    assert found.manifests == ("requirements/prod.txt", "requirements/base.txt")


def test_files_that_include_each_other_end(tmp_path: Path) -> None:
    files = {
        "a.txt": "",
        "requirements.txt": "-r requirements2.txt\nx\n",
        "requirements2.txt": "-r requirements.txt\ny\n",
    }
    found = gathered(tmp_path, files, ("pip", "pip install -r requirements.txt", ("requirements.txt",)))
    assert sorted(item.name for item in found.requirements) == ["x", "y"]


def test_a_lock_is_read_through_the_manifest_beside_it(tmp_path: Path) -> None:
    pyproject = '[project]\ndependencies = ["fastapi"]\n[dependency-groups]\ndev = ["pytest"]\n'
    found = gathered(tmp_path, {"pyproject.toml": pyproject, "uv.lock": ""}, ("uv", "uv sync --no-dev", ("uv.lock",)))
    assert found.manifests == ("pyproject.toml",)
    assert [(item.name, item.runtime) for item in found.requirements] == [("fastapi", True), ("pytest", False)]


def test_an_absent_or_broken_manifest_is_unread_and_the_rest_continues(tmp_path: Path) -> None:
    files = {"pyproject.toml": "[project\n", "requirements.txt": "flask\n"}
    manifests = ("pyproject.toml", "requirements.txt", "gone/requirements.txt")
    found = gathered(tmp_path, files, ("pip", "pip install -r requirements.txt", manifests))
    assert [item.name for item in found.requirements] == ["flask"]
    assert [path for path, _ in found.unread] == ["pyproject.toml", "gone/requirements.txt"]


def test_without_installs_the_manifests_of_the_context_root_count(tmp_path: Path) -> None:
    files = {
        "app/requirements.txt": "django\n",
        "app/requirements-dev.txt": "black\n",
        "other/requirements.txt": "flask\n",
    }
    found = gathered(tmp_path, files, context="app")
    assert [item.name for item in found.requirements if item.runtime] == ["django"]


def test_an_editable_project_brings_its_own_requirements(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "-e .[web]\n",
        "setup.py": 'setup(install_requires=["redis"], extras_require={"web": ["flask"], "dev": ["mypy"]})\n',
    }
    found = gathered(tmp_path, files, ("pip", "pip install -r requirements.txt", ("requirements.txt",)))
    assert {item.name for item in found.requirements if item.runtime} >= {"redis", "flask"}
    assert found.find("mypy", runtime_only=True) == []


def test_front_end_packages_are_told_apart(tmp_path: Path) -> None:
    files = {"package.json": '{"dependencies": {"redis": "4"}}'}
    found = gathered(tmp_path, files, ("npm", "npm ci", ("package.json",)))
    assert found.requirements[0].ecosystem == "node"
