"""The shapes a shell script is parsed into. Positions are offsets in the script's text, ends exclusive."""

from __future__ import annotations

from analyzers.records import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Variable:
    """`${name operator argument}`; `raw` as written. `operator` is "" for a plain one, "?" for one not understood."""

    name: str
    raw: str
    operator: str = ""
    argument: tuple[Part, ...] = ()
    quoted: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Substitution:
    """`$( … )` or backticks; `block` holds its commands. Arithmetic has an empty block."""

    raw: str
    block: Block
    quoted: bool = False


Part = Text | Variable | Substitution


@dataclass(frozen=True, slots=True)
class Word:
    parts: tuple[Part, ...]
    start: int
    end: int

    @property
    def literal(self) -> str | None:
        """Its text where nothing is quoted or expanded, as a reserved word must be; else None."""
        if len(self.parts) == 1 and isinstance(part := self.parts[0], Text) and not part.quoted:
            return part.text
        return None


@dataclass(frozen=True, slots=True)
class Body:
    """A here-document's text. It starts at `offset` of the script, or on `line` where it stands outside of it."""

    text: str
    offset: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Assignment:
    name: str
    value: Word
    append: bool = False


@dataclass(frozen=True, slots=True)
class Redirect:
    """`operator` has its file descriptor ("2>"). `bodies` holds a here-document once its line has ended."""

    operator: str
    target: Word
    bodies: list[Body]


@dataclass(frozen=True, slots=True)
class Simple:
    assignments: tuple[Assignment, ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    commands: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """Pipelines joined by `&&` and `||`; the first one's operator is ""."""

    links: tuple[tuple[str, Pipeline], ...]
    background: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Chains, each with the separator before it."""

    items: tuple[tuple[str, Chain], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    body: Block
    subshell: bool


@dataclass(frozen=True, slots=True)
class If:
    branches: tuple[tuple[Block, Block], ...]
    otherwise: Block | None


@dataclass(frozen=True, slots=True)
class While:
    condition: Block
    body: Block


@dataclass(frozen=True, slots=True)
class For:
    """`words` is None where the loop goes over the positional parameters."""

    name: str
    words: tuple[Word, ...] | None
    body: Block


@dataclass(frozen=True, slots=True)
class Case:
    word: Word
    arms: tuple[tuple[tuple[Word, ...], Block], ...]


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    body: Block


Node = Simple | Group | If | While | For | Case | Function
