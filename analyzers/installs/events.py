"""The calls of one RUN in their order, each with the folder and environment that it runs in."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from analyzers import regexes as re
from analyzers.artifacts.build_plan import Step
from analyzers.dockerfile.commands import Command
from analyzers.installs.caches import absolute
from analyzers.installs.runs import Call, pairs
from analyzers.installs.wrappers import calls
from analyzers.records import dataclass

_ACTIVATE = re.compile(r"(.*)/bin/activate$")


@dataclass(frozen=True, slots=True)
class Event:
    """`script` is the repository path of the script that the command stands in, "" for the RUN itself."""

    command: Command
    call: Call
    workdir: str
    script: str


def events(step: Step, env: Mapping[str, str], home: str) -> list[Event]:
    found = list(_of(step.commands, "", step.workdir, env, home))
    for script, commands in step.followed.items():
        found += _of(commands, script, step.workdir, env, home)
    return found


def _of(commands: tuple[Command, ...], script: str, workdir: str, env: Mapping[str, str], home: str) -> Iterator[Event]:
    """`cd`, assignments and an activated virtual environment act on what follows."""
    own, folder = dict(env), workdir
    for command in commands:
        if not command.argv:
            own.update(command.assignments)
            continue
        for inner, call in calls(command, own):
            yield Event(inner, call, folder, script)
            if call.name == "cd" and call.words and not command.subshell:
                folder = absolute(call.words[0], home, folder)
            elif call.name == "export":
                own.update(pairs(call.words))
            elif call.name in (".", "source") and call.words and (match := _ACTIVATE.match(call.words[0])):
                own["VIRTUAL_ENV"] = posixpath.normpath(posixpath.join(folder, match.group(1)))
