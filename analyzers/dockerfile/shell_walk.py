"""Going through a parsed script as the shell would, listing the commands that run or may run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from analyzers.dockerfile.shell_commands import Runner, Status
from analyzers.dockerfile.shell_syntax import (
    Block,
    Case,
    Chain,
    For,
    Function,
    Group,
    If,
    Node,
    Pipeline,
    Simple,
    While,
)
from analyzers.dockerfile.shell_tests import matches
from analyzers.dockerfile.shell_values import Value, expand, text_of
from analyzers.records import dataclass, field


@dataclass(slots=True)
class _Fork:
    """Branches of which one runs, not known which: what they change is unknown afterwards."""

    changed: set[str] = field(default_factory=set)
    stops: list[bool] = field(default_factory=list)


class Walker(Runner):
    """Follows lists, branches, loops and function definitions."""

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


def _negated(status: Status) -> Status:
    return {Status.TRUE: Status.FALSE, Status.FALSE: Status.TRUE}.get(status, Status.UNKNOWN)
