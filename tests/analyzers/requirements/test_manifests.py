from __future__ import annotations

import contextlib
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.requirements import conda, node, pipfile, pyproject, setup_files
from analyzers.requirements.entries import Manifest, ManifestError
from analyzers.requirements.kinds import file_group, manifest_of_lock, reader_of


def by_group(manifest: Manifest) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for entry in manifest.entries:
        groups.setdefault(entry.group, []).append(entry.name)
    return groups


def test_pep_621_extras_and_pep_735_groups_are_kept_apart() -> None:
    found = pyproject.read(
        dedent("""
        [project]
        dependencies = ["Flask>=3", "psycopg[binary]"]
        [project.optional-dependencies]
        prod = ["gunicorn"]
        [project.scripts]
        serve = "app.main:run"
        [dependency-groups]
        dev = ["ruff", {include-group = "test"}]
        test = ["pytest"]
        """)
    )
    assert by_group(found) == {
        "": ["flask", "psycopg"],
        "extra:prod": ["gunicorn"],
        "dev": ["ruff", "pytest"],
        "test": ["pytest"],
    }
    assert found.default_groups == {"dev"}
    assert found.scripts == (("serve", "app.main:run"),)
    assert found.entries[0].line == 3


def test_poetry_groups_and_sources_are_read() -> None:
    found = pyproject.read(
        dedent("""
        [tool.poetry.dependencies]
        python = "^3.12"
        django = "^5.0"
        core = {path = "../core"}
        tool = {git = "https://example.test/tool.git"}
        [tool.poetry.group.dev.dependencies]
        pytest = "*"
        [tool.poetry.group.docs]
        optional = true
        [tool.poetry.group.docs.dependencies]
        sphinx = "*"
        """)
    )
    entries = {entry.name: entry for entry in found.entries}
    assert "python" not in entries
    assert entries["core"].local == "../core"
    assert entries["tool"].vcs
    assert found.default_groups == {"dev"}
    assert found.optional_groups == {"docs"}


def test_uv_sources_tell_a_workspace_member_from_a_package() -> None:
    found = pyproject.read(
        '[project]\ndependencies = ["shared", "web"]\n[tool.uv.sources]\nshared = {workspace = true}\nweb = {git = "https://e.test/w"}\n'
    )
    assert [(entry.name, entry.local, entry.vcs) for entry in found.entries] == [
        ("shared", "shared", False),
        ("web", "", True),
    ]


def test_groups_that_include_each_other_end() -> None:
    found = pyproject.read('[dependency-groups]\na = [{include-group = "b"}, "x"]\nb = [{include-group = "a"}, "y"]\n')
    assert {"x", "y"} <= {entry.name for entry in found.entries}


def test_setup_py_is_read_by_its_syntax_tree() -> None:
    found = setup_files.read_py(
        dedent("""
        from setuptools import setup
        REQUIRED = ["Flask>=2", "redis"]
        setup(install_requires=REQUIRED, extras_require={"dev": ["pytest"]},
              entry_points={"console_scripts": ["serve = app.cli:main"]})
        """)
    )
    assert by_group(found) == {"": ["flask", "redis"], "extra:dev": ["pytest"]}
    assert found.scripts == (("serve", "app.cli:main"),)


def test_setup_cfg_pipfile_conda_and_package_json_are_read() -> None:
    cfg = setup_files.read_cfg(
        "[options]\ninstall_requires =\n    flask\n[options.extras_require]\ndev =\n    pytest\n"
    )
    assert by_group(cfg) == {"": ["flask"], "extra:dev": ["pytest"]}
    pipenv = pipfile.read_pipfile('[packages]\nflask = "*"\n[dev-packages]\nblack = "*"\n')
    assert by_group(pipenv) == {"": ["flask"], "dev": ["black"]}
    env = conda.read_environment(
        "dependencies:\n  - python=3.12\n  - conda-forge::numpy=1.26\n  - pip:\n    - flask==3\n"
    )
    assert [entry.name for entry in env.entries] == ["numpy", "flask"]
    package = node.read_package_json('{"dependencies": {"vue": "3"}, "devDependencies": {"vite": "5"}}')
    assert [(entry.name, entry.group, entry.ecosystem) for entry in package.entries] == [
        ("vue", "", "node"),
        ("vite", "dev", "node"),
    ]


@pytest.mark.parametrize(
    ("reader", "content"),
    [
        (pyproject.read, "[project\n"),
        (node.read_package_json, "[1"),
        (node.read_package_json, "[1]"),
        (setup_files.read_py, "setup(\n"),
        (setup_files.read_py, "x" + ".x" * 50_000),
        (conda.read_environment, "a: [b\n"),
        (node.read_package_json, "[" * 100_000),
    ],
)
def test_what_cannot_be_read_says_so(reader, content: str) -> None:
    with pytest.raises(ManifestError):
        reader(content)


@given(
    st.text(max_size=300),
    st.sampled_from(["pyproject.toml", "Pipfile", "setup.cfg", "setup.py", "package.json", "environment.yml"]),
)
@settings(max_examples=400, deadline=None)
def test_any_manifest_is_read_or_refused(content: str, name: str) -> None:
    reader = reader_of(name)
    assert reader is not None
    with contextlib.suppress(ManifestError):
        reader(content)


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("requirements.txt", ""),
        ("requirements/prod.txt", ""),
        ("requirements-dev.txt", "requirements-dev"),
        ("requirements/test.txt", "test"),
        ("requirements/latest.txt", ""),
    ],
)
def test_a_development_file_is_known_by_its_name(path: str, group: str) -> None:
    assert reader_of(path) is not None
    assert file_group(path) == group


def test_a_lock_points_to_the_manifest_beside_it() -> None:
    assert manifest_of_lock("api/uv.lock") == "api/pyproject.toml"
    assert manifest_of_lock("api/other.lock") is None
