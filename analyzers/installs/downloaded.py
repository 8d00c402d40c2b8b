"""Scripts piped from the network into a shell: most can do anything, a few are known to install one tool only."""

from __future__ import annotations

from analyzers import regexes as re
from analyzers.artifacts.build_plan import Step

_DOWNLOADED = re.compile(r"line \d+ runs a downloaded script")
# Official installers; each puts its own tool there, NodeSource's adds a package source.
_KNOWN = (
    "astral.sh/uv",
    "astral.sh/ruff",
    "install.python-poetry.org",
    "deb.nodesource.com/setup",
    "rpm.nodesource.com/setup",
    "sh.rustup.rs",
    "static.rust-lang.org/rustup",
    "bun.sh/install",
    "bun.com/install",
    "get.pnpm.io",
    "pdm-project.org/install",
    "pyenv.run",
    "getcomposer.org/installer",
    "deno.land/install",
    "/nvm-sh/nvm/",
    "just.systems/install",
    "taskfile.dev/install",
)
_DOWNLOADERS = frozenset({"curl", "wget"})


def unread(step: Step) -> str:
    """Why the package manager use of this RUN cannot be told wholly, "" where it can."""
    reasons = [reason for reason in step.unread.split("; ") if reason]
    if all(_DOWNLOADED.fullmatch(reason) for reason in reasons) and _all_known(step):
        return ""
    return step.unread


def _all_known(step: Step) -> bool:
    words = [word for command in step.all_commands() if command.name in _DOWNLOADERS for word in command.argv[1:]]
    urls = [word for word in words if "://" in word]
    return all(any(known in url for known in _KNOWN) for url in urls)
