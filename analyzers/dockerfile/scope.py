"""What is in force at one point of a stage: variables, folder, user and shell."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from analyzers.dockerfile.expand import expand
from analyzers.dockerfile.syntax import Instruction
from analyzers.records import dataclass, field, replace

VARIABLE_LIMIT = 1_000
DEFAULT_SHELL = ("/bin/sh", "-c")
PLATFORM_ARGS: Mapping[str, str] = {
    f"{side}{part}": value
    for side in ("TARGET", "BUILD")
    for part, value in {"PLATFORM": "linux/amd64", "OS": "linux", "ARCH": "amd64", "VARIANT": ""}.items()
}


class ScopeError(Exception):
    """A limit was passed; the message names it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """`env` holds ENV and the ARGs that have a value; of two with one name the later counts, as in BuildKit."""

    env: Mapping[str, str] = field(default_factory=dict)
    workdir: str = "/"
    user: str = ""
    shell: tuple[str, ...] = DEFAULT_SHELL
    escape: str = "\\"

    def expanded(self, text: str) -> str:
        """`text` with quotes removed; variables without a value stay as written."""
        return expand(text, self.env, self.escape).text

    def words(self, instruction: Instruction) -> tuple[str, ...]:
        return tuple(self.expanded(word) for word in instruction.words)

    def with_variables(self, variables: Mapping[str, str]) -> Scope:
        """Raises ScopeError past VARIABLE_LIMIT names."""
        if not variables:
            return self
        env = {**self.env, **variables}
        if len(env) > VARIABLE_LIMIT:
            raise ScopeError(f"a stage has more than {VARIABLE_LIMIT} variables, the limit")
        return replace(self, env=env)

    def after(self, instruction: Instruction) -> Scope:
        """The scope behind WORKDIR, USER, SHELL or ENV; the same one behind every other instruction."""
        match instruction.keyword:
            case "ENV":
                return self.with_variables(self.pairs(instruction))
            case "WORKDIR":
                return replace(self, workdir=self.path(self.expanded(instruction.text)))
            case "USER":
                return replace(self, user=self.expanded(instruction.text))
            case "SHELL" if instruction.json:
                return replace(self, shell=instruction.words)
        return self

    def pairs(self, instruction: Instruction) -> dict[str, str]:
        """The NAME=VALUE arguments of ENV or LABEL; all see the variables from before the instruction."""
        split = (word.partition("=") for word in instruction.words)
        return {self.expanded(name): self.expanded(value) for name, _, value in split}

    def path(self, text: str) -> str:
        """An absolute, clean path; a relative one starts from the folder in force. What starts with an unresolved
        variable is left so."""
        joined = posixpath.normpath(posixpath.join(self.workdir, text))
        return joined if joined.startswith("$") else "/" + joined.lstrip("/")
