from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.deploy import command_lines, compose, sets
from tests.builders import source

WEB = "services:\n  web: {build: .}\n"


def found(root: Path, files: dict[str, str], setting: tuple[str, ...] = ()) -> list[sets.ComposeSet]:
    tree = source(root, files).tree
    return sets.find(tree, compose.find(tree), command_lines.find_all(tree), setting)


def test_the_list_of_a_deploy_workflow_comes_first(tmp_path):
    first = found(
        tmp_path,
        {
            "compose.yml": WEB,
            "compose.prod.yml": WEB,
            "compose.deploy.yml": WEB,
            ".github/workflows/deploy.yml": """
                jobs:
                  up:
                    steps:
                      - run: |
                          echo hello
                          docker compose -f compose.yml -f compose.deploy.yml up -d
                """,
        },
    )[0]
    assert first.files == ("compose.yml", "compose.deploy.yml")
    assert ".github/workflows/deploy.yml:6" in first.reason


def test_a_production_file_comes_before_the_base(tmp_path):
    names = [s.files for s in found(tmp_path, {"docker-compose.yml": WEB, "docker-compose.prod.yml": WEB})]
    assert names == [("docker-compose.prod.yml",), ("docker-compose.yml",)]


def test_a_production_file_that_only_adds_is_laid_over_the_base(tmp_path):
    addition = "services:\n  web: {restart: always}\n"
    first = found(tmp_path, {"compose.yml": WEB, "compose.prod.yml": addition})[0]
    assert first.files == ("compose.yml", "compose.prod.yml")


def test_an_addition_without_its_base_is_noted(tmp_path):
    only = found(tmp_path, {"compose.prod.yml": "services:\n  web: {restart: always}\n"})[0]
    assert "not in the repository" in only.project.notes[0]


def test_the_base_stands_without_its_override(tmp_path):
    first, second = found(tmp_path, {"compose.yaml": WEB, "compose.override.yaml": WEB})
    assert first.files == ("compose.yaml",)
    assert second.files == ("compose.yaml", "compose.override.yaml")
    assert second.development


def test_a_missing_base_of_a_list_is_noted(tmp_path):
    files = {"Makefile": "up:\n\tdocker-compose -f core/base.yml -f prod.yml up\n", "prod.yml": WEB}
    first = found(tmp_path, files)[0]
    assert first.files == ("prod.yml",)
    assert first.project.notes == ("core/base.yml is not in the repository",)


@pytest.mark.parametrize(
    "path", ["compose.dev.yml", "local.yml", "docker-compose.test.yaml", "tests/compose.yml", ".ci/compose.yaml"]
)
def test_a_development_set_is_told_by_its_name(tmp_path, path):
    assert "named" in found(tmp_path, {path: WEB})[0].development


@pytest.mark.parametrize(
    ("comment", "development"),
    [
        ("# For local development only", True),
        (
            "# This configuration file is for the **development** setup.\n# For a production example look there.",
            True,
        ),
        ("# Not for production use", True),
        ("# Deploys the service in development and production", False),
        ("# The stack of our service", False),
    ],
)
def test_a_development_set_is_told_by_its_opening_comment(tmp_path, comment, development):
    assert bool(found(tmp_path, {"compose.yml": f"{comment}\n{WEB}"})[0].development) is development


def test_the_projects_own_setting_decides(tmp_path):
    files = {"compose.yml": WEB, "compose.dev.yml": WEB, "compose.prod.yml": WEB}
    assert found(tmp_path, files, ("compose.dev.yml",))[0].files == ("compose.dev.yml",)


def test_a_list_with_open_names_is_no_list(tmp_path):
    files = {"run.sh": "docker compose -f $FILE -f compose.yml up\n", "compose.yml": WEB}
    assert [s.files for s in found(tmp_path, files)] == [("compose.yml",)]
