"""What a shell script or a RUN instruction does, as simple commands."""

from __future__ import annotations

from analyzers.records import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command. `argv` has quotes removed and known variables expanded; what stays unknown is left as
    `$NAME`.

    `operator` is what joins it to the command before: "" for the first, "&&", "||", ";", "|", "&", or "\\n".
    `conditional` is true inside if/while/for/case bodies and functions that may not run, and right of `||`.
    `function` names the shell function whose body it stands in. `redirects` are as written ("> /dev/null").
    `stdin` is the text of a here-document given to it. `subshell` is true inside `( … )` or `$( … )`, and for what a
    shell reads from a here-document. `background` is true where `&` follows: the script does not wait for it.
    """

    argv: tuple[str, ...]
    line: int
    end_line: int
    operator: str = ""
    assignments: tuple[tuple[str, str], ...] = ()
    redirects: tuple[str, ...] = ()
    conditional: bool = False
    function: str | None = None
    subshell: bool = False
    stdin: str | None = None
    background: bool = False

    @property
    def name(self) -> str:
        """The program's base name, "" for a bare assignment."""
        return self.argv[0].rsplit("/", 1)[-1] if self.argv else ""


@dataclass(frozen=True, slots=True)
class Script:
    """`complete` is false where a part could not be read; `why` then says which and on which line."""

    commands: tuple[Command, ...]
    complete: bool = True
    why: str = ""
