"""POSIX shell, with the usual bash additions, parsed leniently: what does not fit is noted and skipped."""

from __future__ import annotations

import re
from collections.abc import Callable

from analyzers.dockerfile.shell_lexer import Kind, Lexer, Token
from analyzers.dockerfile.shell_syntax import (
    Assignment,
    Block,
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
    Text,
    While,
    Word,
)
from analyzers.dockerfile.shell_words import Cursor, TooDeep

_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(?:\[[^\]\n]{0,100}\])?(\+?)=")
_ARITHMETIC_END = "))"
_NOTHING: frozenset[str] = frozenset()
_CLOSING = frozenset({"then", "elif", "else", "fi", "do", "done", "esac", "}"})


def parse(cursor: Cursor) -> Block:
    """The whole script. Where it nests too deeply, what was read before that; `cursor.problems` then says so."""
    items: list[tuple[str, Chain]] = []
    try:
        Parser(cursor).read_into(items, _NOTHING)
    except TooDeep as stop:
        cursor.problems.append((stop.offset, str(stop)))
    return Block(tuple(items))


def parse_substitution(cursor: Cursor) -> Block:
    """The commands of `$( … )`, up to and with its ")"; or of a whole backtick text."""
    parser = Parser(cursor)
    block = parser.block(frozenset({")"}))
    parser.expect(")", only_if_present=True)
    return block


class Parser:
    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._lexer = Lexer(cursor)
        self._peeked: Token | None = None
        self._end = cursor.offset
        self._readers = self._compounds()

    # tokens

    def _peek(self) -> Token:
        if self._peeked is None:
            self._peeked = self._lexer.next()
        return self._peeked

    def _next(self) -> Token:
        token = self._peek()
        self._peeked = None
        self._end = token.end
        return token

    def _is(self, *texts: str) -> bool:
        token = self._peek()
        return token.kind in (Kind.WORD, Kind.OPERATOR, Kind.NEWLINE) and token.text in texts

    def expect(self, text: str, only_if_present: bool = False) -> bool:
        if self._is(text):
            self._next()
            return True
        if not only_if_present:
            self._cursor.problems.append((self._peek().start, f"{text!r} is missing"))
        return False

    def _skip_newlines(self) -> None:
        while self._peek().kind is Kind.NEWLINE:
            self._next()

    # lists

    def block(self, ends: frozenset[str]) -> Block:
        items: list[tuple[str, Chain]] = []
        self._cursor.enter()
        self.read_into(items, ends)
        self._cursor.leave()
        return Block(tuple(items))

    def read_into(self, items: list[tuple[str, Chain]], ends: frozenset[str]) -> None:
        """Chains up to one of the words or operators that end this list, which is left unread."""
        while True:
            operator = self._separators("")
            if self._peek().kind is Kind.END or self._is(*ends):
                return
            before = self._peek()
            chain = self._chain(operator, items)
            if self._peek() is before:
                self._next()
                self._cursor.problems.append((before.start, f"unexpected {before.text!r}"))
            else:
                items.append(chain)

    def _separators(self, operator: str) -> str:
        while self._is(";", "&", "\n"):
            text = self._next().text
            operator = text if text != "\n" or not operator else operator
        return operator

    def _chain(self, operator: str, items: list[tuple[str, Chain]]) -> tuple[str, Chain]:
        links = [("", self._pipeline())]
        while self._is("&&", "||"):
            joiner = self._next().text
            self._skip_newlines()
            links.append((joiner, self._pipeline()))
        return operator if items else "", Chain(tuple(links), self._is("&"))

    def _pipeline(self) -> Pipeline:
        negated = False
        while self._is("!", "time"):
            negated ^= self._next().text == "!"
        commands = [self._command()]
        while self._is("|", "|&"):
            self._next()
            self._skip_newlines()
            commands.append(self._command())
        return Pipeline(tuple(commands), negated)

    # commands

    def _command(self) -> Node:
        token = self._peek()
        reader = self._readers.get(token.text)
        if reader is None:
            return self._simple()
        self._cursor.enter()
        self._next()
        node = reader()
        self._cursor.leave()
        while self._peek().kind is Kind.REDIRECT:
            self._next()
        return node

    def _compounds(self) -> dict[str, Callable[[], Node]]:
        return {
            "(": self._subshell,
            "{": self._group,
            "if": self._if,
            "while": self._while,
            "until": self._while,
            "for": self._for,
            "select": self._for,
            "case": self._case,
            "function": self._function,
            "[[": self._double_brackets,
        }

    def _subshell(self) -> Node:
        if self._cursor.at("(") and self._peeked is None and self._cursor.text[self._cursor.position - 1] == "(":
            return self._arithmetic()
        body = self.block(frozenset({")"}))
        self.expect(")")
        return Group(body, subshell=True)

    def _arithmetic(self) -> Node:
        start = self._cursor.offset - 1
        end = self._cursor.text.find(_ARITHMETIC_END, self._cursor.position)
        self._cursor.position = len(self._cursor.text) if end < 0 else end + 2
        word = Word((Text("(("),), start, self._cursor.offset)
        return Simple((), (word,), (), start, self._cursor.offset)

    def _group(self) -> Node:
        body = self.block(frozenset({"}"}))
        self.expect("}")
        return Group(body, subshell=False)

    def _if(self) -> Node:
        branches = []
        while True:
            condition = self.block(frozenset({"then"}))
            self.expect("then")
            branches.append((condition, self.block(frozenset({"elif", "else", "fi"}))))
            if not self.expect("elif", only_if_present=True):
                break
        otherwise = None
        if self.expect("else", only_if_present=True):
            otherwise = self.block(frozenset({"fi"}))
        self.expect("fi")
        return If(tuple(branches), otherwise)

    def _while(self) -> Node:
        condition = self.block(frozenset({"do"}))
        return While(condition, self._do())

    def _do(self) -> Block:
        self.expect("do")
        body = self.block(frozenset({"done"}))
        self.expect("done")
        return body

    def _for(self) -> Node:
        if self._is("(") and self._cursor.at("("):
            self._next()
            self._arithmetic()
            name, words = "", None
        else:
            name = self._next().text
            words = self._for_words()
        while self._is(";", "\n"):
            self._next()
        return For(name, words, self._do())

    def _for_words(self) -> tuple[Word, ...] | None:
        self._skip_newlines()
        if not self.expect("in", only_if_present=True):
            return None
        words = []
        while (word := self._peek().word) is not None:
            self._next()
            words.append(word)
        return tuple(words)

    def _case(self) -> Node:
        subject = self._next()
        self._skip_newlines()
        self.expect("in")
        arms = []
        while True:
            self._skip_newlines()
            if self._is("esac") or self._peek().kind is Kind.END:
                break
            arms.append(self._arm())
        self.expect("esac")
        word = subject.word or Word((), subject.start, subject.end)
        return Case(word, tuple(arms))

    def _arm(self) -> tuple[tuple[Word, ...], Block]:
        self.expect("(", only_if_present=True)
        patterns = []
        while not self._is(")", "\n", ";;") and self._peek().kind is not Kind.END:
            word = self._next().word
            if word is not None:
                patterns.append(word)
        self.expect(")")
        body = self.block(frozenset({";;", ";&", ";;&", "esac"}))
        if self._is(";;", ";&", ";;&"):
            self._next()
        return tuple(patterns), body

    def _function(self) -> Node:
        name = self._next().text
        if self.expect("(", only_if_present=True):
            self.expect(")")
        return self._function_body(name)

    def _function_body(self, name: str) -> Node:
        self._skip_newlines()
        self._cursor.enter()
        body = self._command()
        self._cursor.leave()
        return Function(name, Block((("", Chain((("", Pipeline((body,))),))),)))

    def _double_brackets(self) -> Node:
        start = self._end - 2
        words = [Word((Text("[["),), start, self._end)]
        while self._peek().kind is not Kind.END and not self._is("]]"):
            token = self._next()
            if token.kind is Kind.REDIRECT and token.redirect is not None:
                words += [Word((Text(token.text),), token.start, token.start), token.redirect.target]
            elif token.kind is not Kind.NEWLINE:
                words.append(token.word or Word((Text(token.text),), token.start, token.end))
        words.append(Word((Text("]]"),), self._peek().start, self._peek().end))
        self.expect("]]")
        return Simple((), tuple(words), (), start, self._end)

    # simple commands

    def _simple(self) -> Node:
        start = self._peek().start
        assignments: list[Assignment] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while words or not self._is(*_CLOSING):
            token = self._peek()
            if token.redirect is not None:
                redirects.append(token.redirect)
            elif token.word is None:
                break
            elif not words and (assignment := _assignment(token.word)):
                self._next()
                assignments.append(self._array(assignment))
                continue
            else:
                words.append(token.word)
            self._next()
        if len(words) == 1 and not assignments and self._is("("):
            return self._definition(words[0])
        return Simple(tuple(assignments), tuple(words), tuple(redirects), start, max(start, self._end))

    def _definition(self, name: Word) -> Node:
        self._next()
        self.expect(")")
        return self._function_body(name.literal or "")

    def _array(self, assignment: Assignment) -> Assignment:
        """`NAME=(a b)` as one value with blanks between, which is how it expands unquoted."""
        if assignment.value.parts or not self._cursor.at("(") or self._peeked is not None:
            return assignment
        self._next()
        words: list[Word] = []
        while not self._is(")") and self._peek().kind is not Kind.END:
            token = self._next()
            words += [token.word] if token.word else []
        self.expect(")")
        parts = [part for word in words for part in (*word.parts, Text(" "))][:-1]
        value = Word(tuple(parts), assignment.value.start, self._end)
        return Assignment(assignment.name, value, assignment.append)


def _assignment(word: Word) -> Assignment | None:
    first = word.parts[0] if word.parts else None
    if not isinstance(first, Text) or first.quoted:
        return None
    match = _ASSIGNMENT.match(first.text)
    if match is None:
        return None
    rest = first.text[match.end() :]
    parts = (Text(rest), *word.parts[1:]) if rest else word.parts[1:]
    return Assignment(match[1], Word(parts, word.start, word.end), bool(match[2]))
