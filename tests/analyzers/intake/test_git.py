from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.intake import Limits, RemotePolicy, fetch_git
from analyzers.source import Source, SourceError
from tests.git_server import GitServer, git_server

FILES = {"Dockerfile": "FROM python:3.12-slim\n", "app/main.py": "print('hi')\n"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory):
    with git_server(tmp_path_factory.mktemp("git")) as running:
        running.add("plain", FILES, links={"link": "/etc/passwd"})
        running.add("private-one", FILES)
        yield running


def fetch(server: GitServer, into: Path, name: str, **options: object) -> Source:
    policy = RemotePolicy(frozenset({server.host}), str(server.ca_file))
    return fetch_git(server.url(name), into=into, policy=policy, **options)  # type: ignore[arg-type]


def refusal(server: GitServer, into: Path, name: str, **options: object) -> str:
    with pytest.raises(SourceError) as error:
        fetch(server, into, name, **options)
    return str(error.value)


def test_a_public_repository_arrives_with_its_commit(server: GitServer, tmp_path: Path) -> None:
    source = fetch(server, tmp_path, "plain")
    assert [entry.path for entry in source.tree.entries] == ["Dockerfile", "app/main.py", "link"]
    assert source.tree.read_text("app/main.py") == "print('hi')\n"
    assert len(source.revision) == 40
    assert source.kind == "git"


def test_a_symbolic_link_is_known_but_never_made(server: GitServer, tmp_path: Path) -> None:
    source = fetch(server, tmp_path, "plain")
    assert source.tree.entry("link").size_bytes is None  # type: ignore[union-attr]
    assert source.tree.read_text("link") is None
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))


def test_a_tag_a_branch_and_a_commit_can_be_named(server: GitServer, tmp_path: Path) -> None:
    first = fetch(server, _new(tmp_path / "a"), "plain", ref="v1.0").revision
    server.push("plain", {"Dockerfile": "FROM python:3.13-slim\n"})
    assert fetch(server, _new(tmp_path / "b"), "plain", ref="main").revision != first
    old = fetch(server, _new(tmp_path / "c"), "plain", ref=first)
    assert old.tree.read_text("Dockerfile") == "FROM python:3.12-slim\n"


def test_a_subfolder_becomes_the_root(server: GitServer, tmp_path: Path) -> None:
    source = fetch(server, tmp_path, "plain", subfolder="app/")
    assert [entry.path for entry in source.tree.entries] == ["main.py"]


def test_a_subfolder_that_is_not_there_is_named(server: GitServer, tmp_path: Path) -> None:
    assert "no folder 'nowhere'" in refusal(server, tmp_path, "plain", subfolder="nowhere")


def test_a_private_repository_needs_its_token(server: GitServer, tmp_path: Path) -> None:
    assert "give a token" in refusal(server, _new(tmp_path / "a"), "private-one")
    assert "give a token" in refusal(server, _new(tmp_path / "b"), "private-one", token="wrong")
    assert fetch(server, _new(tmp_path / "c"), "private-one", token=server.token).tree.is_file("Dockerfile")


def test_the_token_is_written_nowhere(server: GitServer, tmp_path: Path) -> None:
    source = fetch(server, tmp_path, "private-one", token=server.token)
    assert server.token not in source.location
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert not any(server.token.encode() in content for content in written)


def test_a_redirect_is_refused(server: GitServer, tmp_path: Path) -> None:
    assert "redirects" in refusal(server, tmp_path, "moved")


def test_an_unknown_repository_and_an_unknown_ref_are_told_apart(server: GitServer, tmp_path: Path) -> None:
    assert "does not exist or is private" in refusal(server, _new(tmp_path / "a"), "absent")
    assert "no branch, tag or commit 'nope'" in refusal(server, _new(tmp_path / "b"), "plain", ref="nope")


def test_a_certificate_that_is_not_trusted_is_refused(server: GitServer, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="certificate"):
        fetch_git(server.url("plain"), into=tmp_path, policy=RemotePolicy(frozenset({server.host})))


def test_a_repository_over_the_file_limit_is_refused_with_the_limit(server: GitServer, tmp_path: Path) -> None:
    assert "more than 1;" in refusal(server, tmp_path, "plain", limits=Limits(files=1))


def test_a_repository_over_the_size_limit_is_refused_with_the_limit(server: GitServer, tmp_path: Path) -> None:
    assert "larger than 0 MiB" in refusal(server, tmp_path, "plain", limits=Limits(clone_bytes=10))


def test_a_private_host_is_refused_unless_the_operator_allows_it(server: GitServer, tmp_path: Path) -> None:
    before = len(server.requests)
    with pytest.raises(SourceError, match=f"port {server.port} is not allowed"):
        fetch_git(server.url("plain"), into=tmp_path)
    assert len(server.requests) == before


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder
