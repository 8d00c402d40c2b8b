from __future__ import annotations

import pytest

from analyzers.source import SourceError
from analyzers.targets import choose_target, find_targets
from tests.builders import source

PYTHON = "FROM python:3.12-slim\nCOPY app.py .\n"
STAGES = "FROM python:3.12 AS base\nFROM base AS dev\nFROM base AS prod\nFROM base AS test\n"


def paths(root, files):
    return [target.dockerfile for target in find_targets(source(root, files))]


def test_it_finds_dockerfiles_by_name_and_content(tmp_path):
    files = dict.fromkeys(
        ["Dockerfile", "a/api.dockerfile", "b/Containerfile", "c/Dockerfile.prod", "d/x-Dockerfile"], PYTHON
    )
    others = {"Dockerfile.dockerignore": "*\n", "docs/Dockerfile.md": "FROM x\n", "e/Dockerfile.txt.tmpl": "nothing\n"}
    assert sorted(paths(tmp_path, {**files, **others})) == sorted(files)


def test_a_file_that_a_deployment_names_counts_whatever_its_name(tmp_path):
    compose = "services:\n  web: {build: {context: ., dockerfile: build/image.txt}}\n"
    assert paths(tmp_path, {"compose.yml": compose, "build/image.txt": PYTHON}) == ["build/image.txt"]


def test_a_link_that_a_deployment_names_gives_way_to_the_file_it_leads_to(tmp_path):
    (tmp_path / "Dockerfile").symlink_to("docker/Dockerfile")
    assert paths(tmp_path, {"compose.yml": "services:\n  web: {build: .}\n", "docker/Dockerfile": PYTHON}) == [
        "docker/Dockerfile"
    ]


def test_deployed_production_and_root_come_first(tmp_path):
    files = {
        "Dockerfile": PYTHON,
        ".devcontainer/Dockerfile": PYTHON,
        "tests/data/Dockerfile": PYTHON,
        "service/Dockerfile": PYTHON,
        "deep/er/Dockerfile": PYTHON,
        "compose.yml": "services:\n  web: {build: service}\n",
    }
    found = paths(tmp_path, files)
    assert found[:3] == ["service/Dockerfile", "Dockerfile", "deep/er/Dockerfile"]


def test_development_is_told_by_file_and_stage(tmp_path):
    files = {
        "Dockerfile.dev": PYTHON,
        "Dockerfile": STAGES,
        "compose.yml": "services:\n  w: {build: {context: ., target: dev}}\n",
    }
    found = {target.dockerfile: target for target in find_targets(source(tmp_path, files))}
    assert found["Dockerfile.dev"].development
    assert found["Dockerfile"].development
    assert found["Dockerfile"].stage == "dev"


def test_context_stage_and_arguments_come_from_compose(tmp_path):
    files = {
        "app/docker/Dockerfile": STAGES,
        "compose.yml": """
            services:
              web:
                build: {context: ./app, dockerfile: docker/Dockerfile, target: prod, args: ["EDITION=${E:-full}"]}
            """,
    }
    target = choose_target(source(tmp_path, files), build_args={"MORE": "1"})
    assert (target.dockerfile, target.context, target.stage) == ("app/docker/Dockerfile", "app", "prod")
    assert target.build_args == {"EDITION": "full", "MORE": "1"}
    assert "compose.yml:3 builds stage prod" in target.reason


def test_a_development_override_does_not_choose_the_stage(tmp_path):
    files = {
        "Dockerfile": STAGES,
        "compose.yml": "services:\n  web: {build: {context: ., target: prod}}\n",
        "compose.override.yml": "services:\n  web: {build: {target: dev}}\n",
    }
    assert choose_target(source(tmp_path, files)).stage == "prod"


def test_several_named_stages_leave_the_last_one(tmp_path):
    one, other = "{build: {context: ., target: prod}}", "{build: {context: ., target: base}}"
    files = {"Dockerfile": STAGES, "compose.yml": f"services:\n  a: {one}\n  b: {other}\n"}
    target = choose_target(source(tmp_path, files))
    assert target.stage is None
    assert "several stages" in target.reason


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            ".github/workflows/ci.yml",
            "jobs: {b: {steps: [{run: docker build -f docker/Dockerfile --target prod .}]}}\n",
        ),
        (
            ".github/workflows/ci.yml",
            "jobs:\n  b:\n    strategy: {matrix: {include: [{file: docker/Dockerfile, stage: prod}]}}\n    steps:\n"
            "      - uses: docker/build-push-action@v6\n"
            "        with: {file: '${{ matrix.file }}', target: '${{matrix.stage}}', context: '{{defaultContext}}'}\n",
        ),
        ("Makefile", "image:\n\tdocker buildx build --push \\\n\t  --target=prod -t x:1 -f docker/Dockerfile .\n"),
        (
            "docker-bake.hcl",
            'variable "D" { default = "docker" }\n'
            'target "app" {\n  dockerfile = "${D}/Dockerfile"\n  target = "prod"\n}\n',
        ),
    ],
)
def test_builds_elsewhere_say_it_too(tmp_path, path, text):
    target = choose_target(source(tmp_path, {"docker/Dockerfile": STAGES, path: text}))
    assert (target.context, target.stage) == (".", "prod")


def test_bake_targets_inherit(tmp_path):
    base = 'target "base" {\n  context = "app"\n  args = {\n    A = "1"\n  }\n}\n'
    bake = base + 'target "web" {\n  inherits = ["base"]\n  target = "prod"\n}\n'
    target = choose_target(source(tmp_path, {"app/Dockerfile": STAGES, "docker-bake.hcl": bake}))
    assert (target.context, target.build_args) == ("app", {"A": "1"})


def test_the_context_is_where_the_copied_files_are(tmp_path):
    files = {"docker/Dockerfile": "FROM python:3.12\nCOPY src/ /src/\nCOPY req.txt .\n", "src/a.py": "", "req.txt": ""}
    assert choose_target(source(tmp_path, files)).context == "."
    own = {"docker/Dockerfile": "FROM python:3.12\nCOPY start.sh .\n", "docker/start.sh": ""}
    assert choose_target(source(tmp_path / "own", own)).context == "docker"


def test_what_the_user_says_wins(tmp_path):
    files = {
        "Dockerfile": STAGES,
        "app/x.py": "",
        "compose.yml": "services:\n  w: {build: {context: ., target: prod}}\n",
    }
    target = choose_target(source(tmp_path, files), "Dockerfile", "app", "base")
    assert (target.context, target.stage) == ("app", "base")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"dockerfile": "nope"}, "nope is not in this source; found here: Dockerfile"),
        ({"dockerfile": "../Dockerfile"}, "not in this source"),
        ({"context": "nope"}, "nope is not a folder"),
        ({"context": "/etc"}, "not a folder"),
        ({"deployment_files": ["nope.yml"]}, "nope.yml is not in this source"),
    ],
)
def test_a_wrong_name_is_answered_with_what_there_is(tmp_path, arguments, message):
    with pytest.raises(SourceError, match=message):
        choose_target(source(tmp_path, {"Dockerfile": PYTHON}), **arguments)


def test_a_source_without_a_dockerfile_is_refused(tmp_path):
    with pytest.raises(SourceError, match="no Dockerfile or Containerfile"):
        choose_target(source(tmp_path, {"app.py": ""}))
