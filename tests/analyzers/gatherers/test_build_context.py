"""The build context: ignore rules in force, what copies take, what could slip in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from analyzers.artifacts.context import BuildContext
from analyzers.artifacts.missing import Missing
from analyzers.artifacts.target import Target
from analyzers.gatherers.lint.build_context import gather_build_context
from analyzers.gatherers.lint.build_plan import gather_build_plan
from analyzers.tree import Tree
from tests.builders import source

Files = Mapping[str, str | bytes]
PROJECT: Files = {"requirements.txt": "flask\n", "app/main.py": "x = 1\n", "app/data/a.csv": "1\n", "README.md": "hi\n"}


def attempt(root: Path, copies: str, files: Files = PROJECT, context: str = ".", vcs_bytes: int | None = 7) -> object:
    dockerfile = "Dockerfile" if context == "." else f"{context}/Dockerfile"
    found = source(root, {**files, dockerfile: f"FROM a\n{copies}\n"})
    tree = Tree(found.tree.root, found.tree.entries, vcs_bytes)
    found, target = replace(found, tree=tree), Target(dockerfile, context)
    return gather_build_context.run(found, target, gather_build_plan.run(found, target))


def gathered(root: Path, copies: str, files: Files = PROJECT, **more: object) -> BuildContext:
    found = attempt(root, copies, files, **more)
    assert isinstance(found, BuildContext), found
    return found


def entering(context: BuildContext) -> set[str]:
    return {probe.path for probe in context.probes if probe.enters}


def test_a_whole_context_copy_takes_everything_and_the_history(tmp_path):
    found = gathered(tmp_path, "COPY . /app")
    (copy,) = found.copies
    assert (copy.whole, copy.source, copy.code, copy.files) == (True, True, True, 5)
    assert copy.manifests == ("requirements.txt",)
    assert (found.vcs_bytes, found.by_name_bytes, found.at_least) == (7, 0, False)
    assert found.size_bytes == copy.size_bytes + 7
    assert entering(found) == {".git", ".venv", "venv", "node_modules", "__pycache__", ".env", "app/__pycache__"}


@pytest.mark.parametrize(
    "copies", ["COPY . .", "COPY ./ .", "COPY / .", "COPY * .", "ADD . .", "COPY ./* .", 'COPY [".", "."]']
)
def test_these_sources_are_the_whole_context(tmp_path, copies):
    assert gathered(tmp_path, copies).copies[0].whole


def test_a_bind_mount_without_source_is_the_whole_context(tmp_path):
    (mount,) = gathered(tmp_path, "RUN --mount=type=bind,target=/src make").copies
    assert (mount.whole, mount.mount, mount.destination) == (True, True, "/src")


@pytest.mark.parametrize(
    ("copies", "files", "is_source", "code"),
    [
        ("COPY requirements.txt .", 1, False, False),
        ("COPY requirements*.txt README.md ./", 2, False, False),
        ("COPY app/main.py .", 1, True, True),
        ("COPY app .", 2, True, True),
        ("COPY app/data /data", 1, True, False),
        ("COPY --exclude=data app .", 1, True, True),
        ("COPY --exclude=*.csv app/data /d", 0, True, False),
        ("COPY app/*.py .", 1, True, True),
        ("COPY app/* .", 2, True, True),
        ("COPY --parents app/**/*.csv .", 1, False, False),
        ("COPY app/**/*.csv .", 1, False, False),
        ("COPY nowhere/ .", 0, True, False),
        ("COPY nginx.conf .", 0, False, False),
        ("ADD https://x.example/a.tgz README.md /", 1, False, False),
    ],
)
def test_copies_by_name_are_told_apart(tmp_path, copies, files, is_source, code):
    (copy,) = gathered(tmp_path, copies).copies
    assert (copy.files, copy.source, copy.code, copy.whole) == (files, is_source, code, False)


def test_a_folder_of_requirements_is_manifests(tmp_path):
    files = {"requirements/base.txt": "flask\n", "requirements/dev.txt": "-r base.txt\n"}
    (copy,) = gathered(tmp_path, "COPY requirements/ r/", files).copies
    assert (copy.source, copy.manifests) == (False, ("requirements/base.txt", "requirements/dev.txt"))


def test_bytes_are_counted_once_and_by_name_only_where_nothing_else_takes_them(tmp_path):
    files = {"a/x": b"1" * 100, "b/y": b"1" * 10}
    both = gathered(tmp_path, "COPY a a\nCOPY a/x .\nCOPY b b", files)
    assert (both.size_bytes, both.by_name_bytes) == (110, 110)
    assert [(entry.path, entry.size_bytes) for entry in both.largest] == [("a/x", 100), ("b/y", 10)]


def test_copies_of_stages_that_are_not_reached_do_not_count(tmp_path):
    assert gathered(tmp_path, "COPY . .\nFROM b\nRUN c").copies == ()


def test_copies_from_stages_and_images_are_not_from_the_context(tmp_path):
    assert gathered(tmp_path, "COPY --from=b / /\nCOPY <<EOF /x\ny\nEOF").copies == ()


def test_ignore_rules_keep_files_and_probes_out(tmp_path):
    rules = ".git\n**/__pycache__\n.venv\nvenv\nnode_modules\n.env*\napp/data\n"
    found = gathered(tmp_path, "COPY . .", {**PROJECT, ".dockerignore": rules})
    assert (found.ignore_file, found.vcs_bytes, entering(found)) == (".dockerignore", 0, set())
    assert found.ignore_patterns[0] == ".git"
    assert "app/data/a.csv" not in {entry.path for entry in found.largest}


def test_rules_for_byte_code_files_keep_their_folder_out_only_where_they_hold(tmp_path):
    assert "app/__pycache__" not in entering(gathered(tmp_path, "COPY . .", {**PROJECT, ".dockerignore": "**/*.pyc"}))
    assert "app/__pycache__" in entering(gathered(tmp_path, "COPY . .", {**PROJECT, ".dockerignore": "*.pyc"}))


def test_the_dockerfiles_own_ignore_file_wins(tmp_path):
    files = {**PROJECT, "Dockerfile.dockerignore": "app\n", ".dockerignore": "*\n"}
    found = gathered(tmp_path, "COPY . .", files)
    assert (found.ignore_file, found.ineffective_ignore_files) == ("Dockerfile.dockerignore", (".dockerignore",))
    assert "README.md" in {entry.path for entry in found.largest}


def test_an_ignore_file_outside_the_context_root_has_no_effect(tmp_path):
    files = {
        ".dockerignore": "*\n",
        "svc/app.py": "x\n",
        "svc/sub/.dockerignore": "*\n",
        "other/Dockerfile": "FROM a\n",
        "other/.dockerignore": "*\n",
    }
    found = gathered(tmp_path, "COPY . .", files, context="svc")
    assert found.ignore_file is None
    assert found.ineffective_ignore_files == (".dockerignore", "svc/sub/.dockerignore")


def test_a_context_below_the_root_holds_no_history(tmp_path):
    found = gathered(tmp_path, "COPY . .", {"svc/app.py": "x\n"}, context="svc")
    assert found.vcs_bytes == 0
    assert "svc/__pycache__" in entering(found)
    assert not any(probe.kind == "vcs" for probe in found.probes)


def test_a_history_of_unknown_size_makes_the_total_a_lower_bound(tmp_path):
    found = gathered(tmp_path, "COPY . .", vcs_bytes=None)
    assert (found.vcs_bytes, found.at_least) == (None, True)


def test_a_link_has_no_known_size(tmp_path):
    tmp_path.joinpath("link").symlink_to("elsewhere")
    assert gathered(tmp_path, "COPY link .").at_least


def test_a_folder_copied_by_name_is_probed_at_its_top_and_where_things_belong(tmp_path):
    files = {"web/package.json": "{}", "web/src/a.js": "", "api/pyproject.toml": "", "api/pkg/a.py": ""}
    assert entering(gathered(tmp_path, "COPY web web\nCOPY api api", files)) == {
        "web/.env",
        "web/node_modules",
        "api/.env",
        "api/.venv",
        "api/venv",
        "api/pkg/__pycache__",
    }


def test_files_copied_one_by_one_let_nothing_in(tmp_path):
    assert entering(gathered(tmp_path, "COPY requirements.txt app/main.py ./")) == set()


def test_tracked_secrets_are_judged_by_content(tmp_path):
    files = {
        ".env": "DEBUG=1\n",
        "conf/.env": "API_TOKEN=abc\n",
        "tls/cert.pem": "-----BEGIN CERTIFICATE-----\n",
        "tls/server.crt": "-----BEGIN PRIVATE KEY-----\n",
        ".env.example": "API_TOKEN=abc\n",
    }
    found = gathered(tmp_path, "COPY . .", files)
    tracked = {probe.path: probe.secret for probe in found.probes if probe.tracked}
    assert tracked == {".env": False, "conf/.env": True, "tls/server.crt": True}
    assert found.secrets_outside == ()


def test_a_tracked_secret_that_no_copy_takes_is_told(tmp_path):
    found = gathered(tmp_path, "COPY app app", {**PROJECT, "deploy/id_rsa": "x\n"})
    assert found.secrets_outside == ("deploy/id_rsa",)


def test_secret_names_of_gitignore_are_probed(tmp_path):
    rules = "*.pem\n.env.*\n/certs/server.key\n!keep.pem\n# x.pem\nbuild/\n*.log\n.env.example\n"
    found = gathered(tmp_path, "COPY . .", {"a.txt": "", ".gitignore": rules, "sub/.gitignore": "id_rsa\n"})
    possible = {probe.path for probe in found.probes if probe.kind in ("secret", "env_file")}
    assert possible == {".env", "local.pem", ".env.local", "certs/server.key", "sub/id_rsa"}
    assert possible <= entering(found)


def test_a_context_that_is_not_in_the_tree_is_missing(tmp_path):
    found = source(tmp_path, {"Dockerfile": "FROM a\nCOPY . .\n"})
    target = Target("Dockerfile", "vendor/app")
    context = gather_build_context.run(found, target, gather_build_plan.run(found, target))
    assert isinstance(context, BuildContext)
    assert (context.missing, context.copies[0].files) == (True, 0)


def test_an_ignore_file_over_the_limit_is_told(tmp_path):
    found = attempt(tmp_path, "COPY . .", {".dockerignore": "#" * 70_000})
    assert isinstance(found, Missing)
    assert "64 KiB" in found.reason


def test_lines_that_docker_refuses_are_kept(tmp_path):
    found = gathered(tmp_path, "COPY . .", {".dockerignore": "a\n[\n"})
    assert [line for line, _ in found.ignore_errors] == [2]
