"""Fetching a repository: one commit into a bare repository, then its files read blob by blob; no work tree by git.

Reading blobs ourselves leaves git nothing to run or follow: no checkout filters, hooks, submodules, LFS or links.
"""

from __future__ import annotations

import re
from pathlib import Path

from analyzers.intake.git_process import Git, GitFailed
from analyzers.intake.git_tree import write_tree
from analyzers.intake.limits import Limits, RemotePolicy
from analyzers.intake.urls import Remote, check_ref, check_subfolder, parse_remote, resolve
from analyzers.intake.writer import TreeWriter
from analyzers.source import Source, SourceError


def fetch_git(
    url: str,
    *,
    into: Path,
    ref: str = "",
    subfolder: str = "",
    token: str = "",
    limits: Limits | None = None,
    policy: RemotePolicy | None = None,
) -> Source:
    """The repository (or a subfolder of it) at a branch, tag or commit, in the empty private folder `into`."""
    limits, policy = limits or Limits(), policy or RemotePolicy()
    remote = parse_remote(url, policy)
    check_ref(ref)
    folder = check_subfolder(subfolder)
    git = Git(into / "git", remote, resolve(remote, policy), token, limits, policy)
    revision = _fetch(git, remote, ref)
    writer = TreeWriter(_files_folder(into), limits)
    write_tree(git, revision, folder, writer)
    return Source(writer.tree(unwrap=False), "git", remote.url, revision, ref, folder, tuple(writer.skipped))


def _files_folder(into: Path) -> Path:
    folder = into / "files"
    folder.mkdir(mode=0o700)
    return folder


def _fetch(git: Git, remote: Remote, ref: str) -> str:
    try:
        git.init()
        git.fetch(remote.url, ref or "HEAD")
        return git.output("rev-parse", "--verify", "-q", "FETCH_HEAD^{commit}").decode().strip()
    except GitFailed as failure:
        raise SourceError(explain(failure.message, remote, ref)) from None


_EXPLANATIONS = (
    (
        r"couldn't find remote ref|not our ref|no such ref|unadvertised object",
        "there is no branch, tag or commit {ref!r}",
    ),
    (r"redirect|returned error: 30\d", "{url} redirects to another address: give the final link"),
    (
        r"could not read (Username|Password)|Authentication failed|403|401",
        "{url} is private or does not exist: give a token that may read it",
    ),
    (r"not found|404", "{url} does not exist or is private: check the link, or give a token that may read it"),
    (r"SSL|certificate", "the certificate of {host} is not trusted: an operator can add its authority"),
    (
        r"Could not resolve|Failed to connect|Connection refused|timed out|reset",
        "{host} does not answer: try again later",
    ),
    (r"too slow|Operation too slow", "{host} sends too slowly: try again later, or upload an archive"),
    (r"^limit: ", "{message}"),
)


def explain(message: str, remote: Remote, ref: str) -> str:
    """One sentence for the user from git's words, none of which are echoed."""
    for pattern, sentence in _EXPLANATIONS:
        if re.search(pattern, message, re.IGNORECASE):
            return sentence.format(ref=ref, url=remote.url, host=remote.host, message=message.removeprefix("limit: "))
    return f"{remote.url} could not be read as a git repository: check that the link opens the repository itself"
