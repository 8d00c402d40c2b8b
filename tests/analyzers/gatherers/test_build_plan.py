"""The Dockerfile of a tree, planned."""

from __future__ import annotations

from analyzers.artifacts.build_plan import BuildPlan
from analyzers.artifacts.missing import Missing
from analyzers.artifacts.target import Target
from analyzers.gatherers.lint.build_plan import gather_build_plan
from tests.builders import source


def test_the_targets_file_is_planned_and_its_scripts_followed(tmp_path):
    files = {"app/Dockerfile": "FROM a\nCOPY . .\nRUN ./b.sh\n", "app/b.sh": "#!/bin/sh\nmake\n"}
    found = gather_build_plan.run(source(tmp_path, files), Target("app/Dockerfile", "app"))
    assert isinstance(found, BuildPlan)
    assert found.dockerfile.path == "app/Dockerfile"
    assert [each.argv for each in found.stages[0].steps[1].followed["app/b.sh"]] == [("make",)]


def test_a_file_that_is_not_there_is_missing(tmp_path):
    found = gather_build_plan.run(source(tmp_path, {"x": ""}), Target("Dockerfile"))
    assert found == Missing("Dockerfile is not a readable file of this repository")


def test_a_huge_file_is_missing_with_the_limit(tmp_path):
    found = gather_build_plan.run(
        source(tmp_path, {"Dockerfile": b"FROM a\n" + b"#" * 3_000_000}), Target("Dockerfile")
    )
    assert isinstance(found, Missing)
    assert "256 KiB" in found.reason


def test_latin_1_bytes_are_planned(tmp_path):
    found = gather_build_plan.run(
        source(tmp_path, {"Dockerfile": "FROM a\nLABEL b=é\n".encode("latin-1")}), Target("Dockerfile")
    )
    assert isinstance(found, BuildPlan)
