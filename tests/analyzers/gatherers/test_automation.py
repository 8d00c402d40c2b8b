from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.artifacts.automation import Automation
from analyzers.artifacts.missing import Missing
from analyzers.artifacts.target import Target
from analyzers.automation.globs import matches
from analyzers.automation.json5 import Json5Error, loads
from analyzers.gatherers.lint.automation import gather_automation
from tests.builders import build_plan, source

NO = Missing("not gathered")


def gathered(
    root: Path, files: Mapping[str, str], dockerfile: str = "Dockerfile", with_plan: bool = False
) -> Automation:
    everything = {dockerfile: "FROM python:3.12-slim\n", **files}
    found = gather_automation.run(source(root, everything), Target(dockerfile), build_plan() if with_plan else NO)
    assert isinstance(found, Automation)
    return found


# Update bots


def dependabot(*updates: str) -> dict[str, str]:
    return {".github/dependabot.yml": "version: 2\nupdates:\n" + "".join(f"  - {{{update}}}\n" for update in updates)}


@pytest.mark.parametrize(
    ("update", "dockerfile", "covers"),
    [
        ("package-ecosystem: docker, directory: /", "Dockerfile", True),
        ("package-ecosystem: docker, directory: /", "app/Dockerfile", False),
        ("package-ecosystem: docker, directory: /app/", "app/Dockerfile", True),
        ("package-ecosystem: docker, directories: [/web, '/services/*']", "services/api/Dockerfile", True),
        ("package-ecosystem: docker, directories: ['**/*']", "a/b/c/Dockerfile", True),
        ("package-ecosystem: docker, directories: ['/services/*']", "services/a/b/Dockerfile", False),
        ("package-ecosystem: docker-compose, directory: /", "Dockerfile", False),
        ("package-ecosystem: pip, directory: /", "Dockerfile", False),
        ("package-ecosystem: docker, directory: /, open-pull-requests-limit: 0", "Dockerfile", False),
        ("package-ecosystem: docker, directory: /, ignore: [{dependency-name: python}]", "Dockerfile", False),
        (
            "package-ecosystem: docker, directory: /, ignore: [{dependency-name: python, versions: ['4.x']}]",
            "Dockerfile",
            True,
        ),
    ],
)
def test_dependabot_covers_the_folders_of_its_docker_ecosystem(
    tmp_path: Path, update: str, dockerfile: str, covers: bool
) -> None:
    (bot,) = gathered(tmp_path, dependabot(update), dockerfile, with_plan=True).bots
    assert bot.covers is covers
    assert bot.why


def test_an_unreadable_dependabot_file_says_so(tmp_path: Path) -> None:
    (bot,) = gathered(tmp_path, {".github/dependabot.yml": "updates: [a\n"}).bots
    assert not bot.covers
    assert "could not be read" in bot.why


@pytest.mark.parametrize(
    ("config", "covers"),
    [
        ('{"extends": ["config:recommended"]}', True),
        ('{"enabled": false}', False),
        ('{"enabledManagers": ["pip_requirements"]}', False),
        ('{"enabledManagers": ["dockerfile"]}', True),
        ('{"dockerfile": {"enabled": false}}', False),
        ('{"extends": ["docker:disable"]}', False),
        ('{"packageRules": [{"matchManagers": ["dockerfile"], "enabled": false}]}', False),
        ('{"packageRules": [{"matchDatasources": ["docker"], "enabled": false}]}', False),
        (
            '{"packageRules": [{"matchManagers": ["dockerfile"], "matchUpdateTypes": ["major"], "enabled": false}]}',
            True,
        ),
        ('{"ignorePaths": ["**/Dockerfile"]}', False),
        ('{"includePaths": ["web/**"]}', False),
        ("not json", False),
    ],
)
def test_renovate_covers_unless_its_configuration_turns_docker_off(tmp_path: Path, config: str, covers: bool) -> None:
    (bot,) = gathered(tmp_path, {"renovate.json": config}).bots
    assert bot.covers is covers


@pytest.mark.parametrize("path", [".github/renovate.json5", ".renovaterc", "renovate.json5"])
def test_renovate_may_be_written_in_json5(tmp_path: Path, path: str) -> None:
    config = "{\n // comment\n extends: ['config:recommended',],\n /* more */ \"dockerfile\": {enabled: false},\n}"
    (bot,) = gathered(tmp_path, {path: config}).bots
    assert not bot.covers


def test_renovate_may_stand_in_package_json(tmp_path: Path) -> None:
    (bot,) = gathered(tmp_path, {"package.json": '{"name": "x", "renovate": {"extends": []}}'}).bots
    assert bot.covers


# Image builds


ACTION = """
    on: push
    jobs:
      build:
        runs-on: ubuntu-latest
        steps:
          - uses: docker/build-push-action@v6
            with:
              context: .
              target: web
              pull: true
              cache-from: type=gha
              build-args: |
                VERSION=1
                COMMIT=${{ github.sha }}
    """


def test_the_build_action_is_a_buildx_build_with_its_cache_and_arguments(tmp_path: Path) -> None:
    (build,) = gathered(tmp_path, {".github/workflows/ci.yml": ACTION}).builds
    assert (build.buildx, build.cache_backend, build.stage) == (True, True, "web")
    assert build.build_args == ("VERSION", "COMMIT")
    assert build.line == 6


@pytest.mark.parametrize(
    ("path", "content", "buildx", "cached", "env"),
    [
        ("Makefile", "build:\n\tdocker build -t x .\n", False, False, ""),
        ("build.sh", "DOCKER_BUILDKIT=1 docker build --cache-from x .\n", False, True, "1"),
        ("build.sh", "docker buildx build --cache-to type=registry,ref=x \\\n  --build-arg A=1 .\n", True, True, ""),
        (".gitlab-ci.yml", "build:\n  script:\n    - docker build --pull -t x .\n", False, False, ""),
        (".circleci/config.yml", "jobs:\n  b:\n    steps:\n      - run: docker build .\n", False, False, ""),
        ("Jenkinsfile", "sh 'docker build -t x .'\n", False, False, ""),
        (".gitlab-ci.yml", "b:\n  script:\n    - /kaniko/executor --dockerfile Dockerfile\n", False, False, ""),
    ],
)
def test_a_build_command_is_found_wherever_it_stands(
    tmp_path: Path, path: str, content: str, buildx: bool, cached: bool, env: str
) -> None:
    (build,) = gathered(tmp_path, {path: content}).builds
    assert (build.path, build.buildx, build.cache_backend, build.buildkit_env) == (path, buildx, cached, env)


def test_a_job_that_sets_buildx_up_builds_by_it(tmp_path: Path) -> None:
    content = """
        on: push
        env: {DOCKER_BUILDKIT: 1}
        jobs:
          one:
            steps:
              - uses: docker/setup-buildx-action@v3
              - run: docker build --build-arg SHA=1 .
          two:
            steps:
              - run: docker build .
        """
    one, two = gathered(tmp_path, {".github/workflows/ci.yml": content}).builds
    assert (one.buildx, one.build_args, one.buildkit_env) == (True, ("SHA",), "1")
    assert two.buildx is False


def test_compose_and_bake_builds_tell_their_arguments_and_cache(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services: {web: {build: {context: ., args: {UID: 1}, cache_from: [x]}}}\n",
        "docker-bake.hcl": """
            target "web" {
              context = "."
              args = {
                MODE = "prod"
              }
              cache-to = ["type=gha"]
            }
            """,
    }
    compose, bake = gathered(tmp_path, files).builds
    assert (compose.path, compose.build_args, compose.cache_backend) == ("compose.yaml", ("UID",), True)
    assert (bake.path, bake.build_args, bake.buildx) == ("docker-bake.hcl", ("MODE",), True)


def test_a_plain_compose_build_asks_for_nothing(tmp_path: Path) -> None:
    (build,) = gathered(tmp_path, {"compose.yaml": "services:\n  web:\n    build: .\n"}).builds
    assert (build.buildx, build.cache_backend) == (False, False)


def test_builds_of_another_dockerfile_do_not_count(tmp_path: Path) -> None:
    files = {"Makefile": "b:\n\tdocker build -f other/Dockerfile other\n", "other/Dockerfile": "FROM x\n"}
    assert gathered(tmp_path, files).builds == ()


def test_buildkit_switched_off_is_reported_with_its_line(tmp_path: Path) -> None:
    found = gathered(tmp_path, {"Makefile": "b:\n\tDOCKER_BUILDKIT=0 docker build .\n"})
    assert found.buildkit_disabled == (("Makefile", 2),)


# Schedules


SCHEDULED = "on:\n  schedule:\n    - cron: '0 0 * * 0'\n"


def test_a_scheduled_build_with_pull_is_told_from_one_without(tmp_path: Path) -> None:
    steps = "jobs:\n  b:\n    steps:\n      - run: docker build {} .\n"
    (pulled,) = gathered(tmp_path / "a", {".github/workflows/w.yml": SCHEDULED + steps.format("--pull")}).schedules
    (plain,) = gathered(tmp_path / "b", {".github/workflows/w.yml": SCHEDULED + steps.format("-q")}).schedules
    assert (pulled.pulls, pulled.line) == (True, 2)
    assert plain.pulls is False


@pytest.mark.parametrize(
    ("step", "trigger"),
    [
        ("run: git tag v1 && git push --tags", "on:\n  push:\n    tags: ['*']\n"),
        ("run: gh workflow run image.yml", "on: workflow_dispatch\n"),
        ("uses: benc-uk/workflow-dispatch@v1\n        with: {workflow: image.yml}", "on: workflow_dispatch\n"),
    ],
)
def test_a_schedule_may_lead_to_the_build_through_another_workflow(tmp_path: Path, step: str, trigger: str) -> None:
    files = {
        ".github/workflows/nightly.yml": f"{SCHEDULED}jobs:\n  t:\n    steps:\n      - {step}\n",
        ".github/workflows/image.yml": trigger + "jobs:\n  b:\n    steps:\n      - run: docker build --pull .\n",
    }
    (found,) = gathered(tmp_path, files).schedules
    assert (found.path, found.pulls) == (".github/workflows/nightly.yml", True)
    assert "image.yml" in found.why


def test_a_called_workflow_or_script_counts_for_the_schedule(tmp_path: Path) -> None:
    files = {
        ".github/workflows/nightly.yml": SCHEDULED + "jobs:\n  t:\n    uses: ./.github/workflows/image.yml\n",
        ".github/workflows/image.yml": "on: workflow_call\njobs:\n  b:\n    steps:\n      - run: ./ci/build.sh\n",
        "ci/build.sh": "docker build --pull .\n",
    }
    (found,) = gathered(tmp_path, files).schedules
    assert found.pulls


def test_workflows_that_start_each_other_end(tmp_path: Path) -> None:
    def content(other: str) -> str:
        return f"{SCHEDULED}  workflow_dispatch:\njobs:\n  t:\n    steps:\n      - run: gh workflow run {other}.yml\n"

    files = {".github/workflows/a.yml": content("b"), ".github/workflows/b.yml": content("a")}
    assert gathered(tmp_path, files).schedules == ()


def test_a_schedule_that_builds_no_image_does_not_count(tmp_path: Path) -> None:
    files = {
        ".github/workflows/a.yml": SCHEDULED + "jobs:\n  t:\n    steps:\n      - run: pytest\n",
        ".github/workflows/b.yml": "on: push\njobs:\n  b:\n    steps:\n      - run: docker build .\n",
    }
    assert gathered(tmp_path, files).schedules == ()


# Hostile input


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_is_json5_or_refused(content: str) -> None:
    try:
        loads(content)
    except Json5Error:
        return


@given(st.dictionaries(st.text(max_size=5), st.booleans() | st.integers(-9999, 9999) | st.lists(st.text(max_size=9))))
@settings(max_examples=100, deadline=None)
def test_comments_change_nothing_in_a_document(document: dict[str, object]) -> None:
    assert loads(f"/* one */ {json.dumps(document)} // two") == document


def test_a_pattern_of_very_many_parts_matches_nothing() -> None:
    assert not matches("/".join(["**", "a"] * 5_000), "/".join("a" * 5_000) + "/b")


@pytest.mark.parametrize(
    "content", ["[" * 10_000, "on: [", "jobs: {a: {steps: [1, [2], {run: 3}]}}", "on: 3\njobs: 4\n", "? [a]\n: b\n"]
)
def test_odd_workflows_and_bots_are_not_fatal(tmp_path: Path, content: str) -> None:
    paths = (".github/workflows/a.yml", ".github/dependabot.yml", "renovate.json", ".gitlab-ci.yml", "compose.yaml")
    assert gathered(tmp_path, dict.fromkeys(paths, content)).schedules == ()
