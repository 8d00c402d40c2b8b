"""Going through a parsed script as the shell would, listing the commands that run or may run."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto

from analyzers.dockerfile.commands import Command
from analyzers.dockerfile.shell_syntax import (
    Block,
    Body,
    Case,
    Chain,
    For,
    Function,
    Group,
    If,
    Node,
    Pipeline,
    Redirect,
    Simple,
    Substitution,
    Variable,
    While,
    Word,
)
from analyzers.dockerfile.shell_tests import evaluate, matches
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


@dataclass(slots=True)
class _Fork:
    """Branches of which one runs, not known which: what they change is unknown afterwards."""

    changed: set[str] = field(default_factory=set)
    stops: list[bool] = field(default_factory=list)


class Walker:
    """`read` parses the text of a here-document that is given to a shell."""

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

    def run(self, block: Block) -> None:
        """The whole script, then the functions that it never called."""
        self._block(block)
        self._stopped = ""
        for name, body in list(self._functions.items()):
            if name not in self._called:
                with self._inside_fork(_Fork()):
                    self._body(name, body)

    # lists

    def _block(self, block: Block) -> Status:
        status = Status.TRUE
        for operator, chain in block.items:
            if self._stopped:
                break
            self._operator = operator or self._operator
            status = self._chain(chain)
        return status

    def _chain(self, chain: Chain) -> Status:
        outer, self._background = self._background, self._background or chain.background
        status = Status.TRUE
        for joiner, pipeline in chain.links:
            if self._stopped:
                break
            self._operator = joiner or self._operator
            status = self._link(joiner, status, pipeline)
        self._background = outer
        if chain.background:
            self._stopped = ""
        return status

    def _link(self, joiner: str, before: Status, pipeline: Pipeline) -> Status:
        if not joiner:
            return self._pipeline(pipeline)
        if before is (Status.FALSE if joiner == "&&" else Status.TRUE):
            return before
        sure = (Status.TRUE, Status.ASSUMED) if joiner == "&&" else (Status.FALSE,)
        if before in sure:
            return self._pipeline(pipeline)
        fork = _Fork()
        with self._inside_fork(fork):
            after = self._pipeline(pipeline)
        self._join(fork, exhaustive=False)
        if joiner == "&&" or after in (Status.FALSE, Status.UNKNOWN):
            return before if before is Status.ASSUMED else Status.UNKNOWN
        return Status.ASSUMED

    def _pipeline(self, pipeline: Pipeline) -> Status:
        status = Status.TRUE
        for index, command in enumerate(pipeline.commands):
            self._operator = "|" if index else self._operator
            status = self._node(command)
        if len(pipeline.commands) > 1:
            self._stopped = ""
        return _negated(status) if pipeline.negated else status

    def _node(self, node: Node) -> Status:
        match node:
            case Simple():
                return self._simple(node)
            case Group():
                return self._group(node)
            case If():
                return self._if(node)
            case Case():
                return self._case(node)
            case For():
                return self._for(node)
            case While():
                return self._while(node)
            case Function():
                self._functions[node.name] = node.body
                return Status.TRUE

    # branches

    @contextmanager
    def _inside_fork(self, fork: _Fork) -> Iterator[None]:
        self._forks += 1
        with self._scope.undone() as names:
            yield
        self._forks -= 1
        fork.changed |= names
        fork.stops.append(bool(self._stopped))
        self._stopped = ""

    def _join(self, fork: _Fork, exhaustive: bool) -> None:
        self._scope.forget(fork.changed)
        if exhaustive and fork.stops and all(fork.stops):
            self._stopped = "exit"

    def _branch(self, block: Block, fork: _Fork, sure: bool) -> Status:
        self._operator = ";"
        if sure:
            return self._block(block)
        with self._inside_fork(fork):
            return self._block(block)

    def _if(self, node: If) -> Status:
        fork, sure = _Fork(), True
        for condition, body in node.branches:
            asked = _Fork()
            first, status = self._operator, Status.TRUE
            self._operator = first if sure else ";"
            with self._maybe(asked, sure):
                status = self._block(condition)
            fork.changed |= asked.changed
            if self._stopped or status is Status.FALSE:
                continue
            certain = status is Status.TRUE
            self._branch(body, fork, sure and certain)
            sure = sure and certain
            if certain:
                self._join(fork, exhaustive=not sure)
                return Status.ASSUMED
            sure = False
        if node.otherwise is not None and not self._stopped:
            self._branch(node.otherwise, fork, sure)
        self._join(fork, exhaustive=not sure and node.otherwise is not None)
        return Status.ASSUMED

    @contextmanager
    def _maybe(self, fork: _Fork, sure: bool) -> Iterator[None]:
        if sure:
            yield
        else:
            with self._inside_fork(fork):
                yield

    def _case(self, node: Case) -> Status:
        self._substitutions(node.word)
        subject, fork, sure = text_of(node.word, self._scope), _Fork(), True
        for patterns, body in node.arms:
            results = [matches(subject, text_of(pattern, self._scope)) for pattern in patterns]
            if all(result is False for result in results):
                continue
            certain = True in results
            self._branch(body, fork, sure and certain)
            sure = sure and certain
            if certain:
                self._join(fork, exhaustive=not sure)
                return Status.ASSUMED
        self._join(fork, exhaustive=False)
        return Status.ASSUMED

    def _for(self, node: For) -> Status:
        for word in node.words or ():
            self._substitutions(word)
        expansions = [expand(word, self._scope) for word in node.words or ()]
        fields = [Value(text, item.known) for item in expansions for text in item.fields]
        sure = any(value.known for value in fields)
        single = fields[0] if len(fields) == 1 and fields[0].known else None
        self._scope.assign(node.name, single)
        fork = _Fork()
        self._branch(node.body, fork, sure)
        self._join(fork, exhaustive=False)
        return Status.ASSUMED

    def _while(self, node: While) -> Status:
        self._block(node.condition)
        fork = _Fork()
        self._branch(node.body, fork, sure=False)
        self._join(fork, exhaustive=False)
        return Status.ASSUMED

    def _group(self, node: Group) -> Status:
        if not node.subshell:
            return self._block(node.body)
        return self._subshell(node.body)

    def _subshell(self, block: Block) -> Status:
        self._subshells += 1
        with self._scope.undone():
            status = self._block(block)
        self._subshells -= 1
        self._stopped = ""
        return status

    # simple commands

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


def _negated(status: Status) -> Status:
    return {Status.TRUE: Status.FALSE, Status.FALSE: Status.TRUE}.get(status, Status.UNKNOWN)
