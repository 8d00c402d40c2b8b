"""What one simple command of a script does: its words expanded, its effect on variables, how it ends."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable
from enum import Enum, auto

from analyzers.dockerfile.commands import Command
from analyzers.dockerfile.shell_syntax import Block, Body, Redirect, Simple, Substitution, Variable, Word
from analyzers.dockerfile.shell_tests import evaluate
from analyzers.dockerfile.shell_values import Scope, Value, expand, text_of

COMMAND_LIMIT = 20_000
CALL_DEPTH_LIMIT = 8

_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh"})
_DECLARING = frozenset({"export", "local", "declare", "typeset", "readonly"})
_ASKING = frozenset({"which", "hash", "type", "grep", "egrep", "fgrep", "id", "getent", "diff", "cmp", "command"})


class Status(Enum):
    """How a command ends. ASSUMED: it is an ordinary one, taken to succeed; UNKNOWN: a question left open."""

    TRUE = auto()
    FALSE = auto()
    ASSUMED = auto()
    UNKNOWN = auto()


class Enough(Exception):
    """More commands than COMMAND_LIMIT."""


class Lines:
    """Lines of offsets in a text, counted from `first`."""

    def __init__(self, text: str, first: int = 1) -> None:
        self._starts = [index for index, character in enumerate(text) if character == "\n"]
        self._first = first

    def __call__(self, offset: int) -> int:
        return self._first + bisect_right(self._starts, offset - 1)


class Runner(ABC):
    """Lists commands as they run; how blocks go on is the subclass's.

    `read` parses the text of a here-document that is given to a shell.
    """

    def __init__(self, scope: Scope, line_at: Callable[[int], int], read: Callable[[str], Block]) -> None:
        self.commands: list[Command] = []
        self._scope = scope
        self._line_at = line_at
        self._read = read
        self._functions: dict[str, Block] = {}
        self._called: set[str] = set()
        self._function: str | None = None
        self._operator = ""
        self._background = False
        self._forks = 0
        self._subshells = 0
        self._calls = 0
        self._stopped = ""

    @abstractmethod
    def _block(self, block: Block) -> Status:
        """Run a list; its last command's status."""

    def _subshell(self, block: Block) -> Status:
        self._subshells += 1
        with self._scope.undone():
            status = self._block(block)
        self._subshells -= 1
        self._stopped = ""
        return status

    def _substitutions(self, word: Word) -> None:
        for part in word.parts:
            self._inside(part)

    def _inside(self, part: object) -> None:
        if isinstance(part, Substitution) and part.block.items:
            operator = self._operator
            self._operator = ""
            self._subshell(part.block)
            self._operator = operator
        elif isinstance(part, Variable):
            for inner in part.argument:
                self._inside(inner)
            if part.operator.removeprefix(":") == "=" and not self._scope.has(part.name):
                self._scope.assign(part.name, text_of(Word(part.argument, 0, 0), self._scope))

    def _simple(self, node: Simple) -> Status:
        for word in (*(item.value for item in node.assignments), *node.words, *(r.target for r in node.redirects)):
            self._substitutions(word)
        assigned = self._assigned(node)
        operands = self._operands(node.words)
        argv = tuple(value.text for value in operands)
        bodies = [body for redirect in node.redirects for body in redirect.bodies]
        if not argv and not assigned and not node.redirects:
            return Status.TRUE
        self._emit(node, argv, assigned, bodies)
        if not argv:
            return Status.ASSUMED if _substitutes(node) else Status.TRUE
        return self._effect(argv, operands, bodies)

    def _assigned(self, node: Simple) -> tuple[tuple[str, str], ...]:
        """The assignments before the command; they stay only where no command follows."""
        assigned = []
        for item in node.assignments:
            value: Value | None = text_of(item.value, self._scope)
            if item.append and value is not None:
                before = self._scope.get(item.name)
                value = Value(before.text + value.text, before.known and value.known) if before else None
            assigned.append((item.name, value.text if value else f"${item.name}"))
            if not node.words:
                self._scope.assign(item.name, value)
        return tuple(assigned)

    def _operands(self, words: tuple[Word, ...]) -> list[Value]:
        expansions = (expand(word, self._scope) for word in words)
        return [Value(text, item.known) for item in expansions for text in item.fields]

    def _emit(
        self, node: Simple, argv: tuple[str, ...], assigned: tuple[tuple[str, str], ...], bodies: list[Body]
    ) -> None:
        if len(self.commands) >= COMMAND_LIMIT:
            raise Enough
        command = Command(
            argv=argv,
            line=self._line_at(node.start),
            end_line=self._line_at(max(node.start, node.end - 1)),
            operator=self._operator if self.commands else "",
            assignments=assigned,
            redirects=tuple(self._redirect(redirect) for redirect in node.redirects),
            conditional=self._forks > 0,
            function=self._function,
            subshell=self._subshells > 0,
            stdin=bodies[-1].text if bodies else self._here_string(node.redirects),
            background=self._background,
        )
        self._operator = ";"
        self.commands.append(command)

    def _redirect(self, redirect: Redirect) -> str:
        between = "" if redirect.operator.endswith("&") else " "
        return f"{redirect.operator}{between}{text_of(redirect.target, self._scope).text}"

    def _here_string(self, redirects: tuple[Redirect, ...]) -> str | None:
        given = [redirect.target for redirect in redirects if redirect.operator.endswith("<<<")]
        return text_of(given[-1], self._scope).text if given else None

    def _effect(self, argv: tuple[str, ...], operands: list[Value], bodies: list[Body]) -> Status:
        name = argv[0]
        if name in self._functions:
            return self._call(name, operands[1:])
        if name in ("[", "test", "[["):
            last = -1 if name != "test" and argv[-1] in ("]", "]]") else len(operands)
            return _known(evaluate(operands[1:last], patterns=name == "[["))
        if name in ("true", ":"):
            return Status.TRUE
        if name == "false":
            return Status.FALSE
        if name in ("exit", "return") or (name == "exec" and len(argv) > 1):
            self._stopped = name
        self._builtin(name, operands[1:])
        self._fed_shell(argv, bodies)
        return Status.UNKNOWN if name.rsplit("/", 1)[-1] in _ASKING else Status.ASSUMED

    def _builtin(self, name: str, operands: list[Value]) -> None:
        scope = self._scope
        if name in _DECLARING:
            for item in operands:
                variable, equals, text = item.text.partition("=")
                if equals:
                    scope.assign(variable, Value(text, item.known))
        elif name in ("unset", "read"):
            for item in operands:
                scope.assign(item.text, Value("") if name == "unset" else None)
        elif name == "set" and operands and operands[0].text == "--":
            scope.positional = tuple(operands[1:])
        elif name == "shift" and scope.positional is not None:
            scope.positional = scope.positional[1:]

    def _call(self, name: str, operands: list[Value]) -> Status:
        self._called.add(name)
        if self._calls >= CALL_DEPTH_LIMIT or self._function == name:
            return Status.ASSUMED
        outer, self._scope.positional = self._scope.positional, tuple(operands)
        status = self._body(name, self._functions[name])
        self._scope.positional = outer
        self._stopped = "" if self._stopped == "return" else self._stopped
        return status if status is not Status.TRUE else Status.ASSUMED

    def _body(self, name: str, body: Block) -> Status:
        outer, self._function = self._function, name
        self._calls += 1
        status = self._block(body)
        self._calls -= 1
        self._function = outer
        return status

    def _fed_shell(self, argv: tuple[str, ...], bodies: list[Body]) -> None:
        """The commands of a here-document that a shell reads as its script."""
        reads_it = argv[0].rsplit("/", 1)[-1] in _SHELLS and all(word.startswith("-") for word in argv[1:])
        if not (reads_it and bodies and "-c" not in argv) or self._calls >= CALL_DEPTH_LIMIT:
            return
        body = bodies[-1]
        outer, first = self._line_at, body.line if body.offset is None else self._line_at(body.offset)
        self._line_at = Lines(body.text, first)
        self._calls += 1
        self._subshell(self._read(body.text))
        self._calls -= 1
        self._line_at = outer


def _substitutes(node: Simple) -> bool:
    return any(isinstance(part, Substitution) for item in node.assignments for part in item.value.parts)


def _known(result: bool | None) -> Status:
    return Status.UNKNOWN if result is None else Status.TRUE if result else Status.FALSE
