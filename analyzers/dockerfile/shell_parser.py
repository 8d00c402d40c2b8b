"""POSIX shell, with the usual bash additions, parsed leniently: what does not fit is noted and skipped."""

from __future__ import annotations

from collections.abc import Callable

from analyzers import regexes as re
from analyzers.dockerfile.shell_lexer import Kind, Tokens
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


class Parser(Tokens):
    def __init__(self, cursor: Cursor) -> None:
        super().__init__(cursor)
        self._readers = self._compounds()

    # lists

    def block(self, ends: frozenset[str]) -> Block:
        items: list[tuple[str, Chain]] = []
        self.cursor.enter()
        self.read_into(items, ends)
        self.cursor.leave()
        return Block(tuple(items))

    def read_into(self, items: list[tuple[str, Chain]], ends: frozenset[str]) -> None:
        """Chains up to one of the words or operators that end this list, which is left unread."""
        while True:
            operator = self._separators("")
            if self.peek().kind is Kind.END or self.is_(*ends):
                return
            before = self.peek()
            chain = self._chain(operator, items)
            if self.peek() is before:
                self.next()
                self.cursor.problems.append((before.start, f"unexpected {before.text!r}"))
            else:
                items.append(chain)

    def _separators(self, operator: str) -> str:
        while self.is_(";", "&", "\n"):
            text = self.next().text
            operator = text if text != "\n" or not operator else operator
        return operator

    def _chain(self, operator: str, items: list[tuple[str, Chain]]) -> tuple[str, Chain]:
        links = [("", self._pipeline())]
        while self.is_("&&", "||"):
            joiner = self.next().text
            self.skip_newlines()
            links.append((joiner, self._pipeline()))
        return operator if items else "", Chain(tuple(links), self.is_("&"))

    def _pipeline(self) -> Pipeline:
        negated = False
        while self.is_("!", "time"):
            negated ^= self.next().text == "!"
        commands = [self._command()]
        while self.is_("|", "|&"):
            self.next()
            self.skip_newlines()
            commands.append(self._command())
        return Pipeline(tuple(commands), negated)

    # commands

    def _command(self) -> Node:
        token = self.peek()
        reader = self._readers.get(token.text)
        if reader is None:
            return self._simple()
        self.cursor.enter()
        self.next()
        node = reader()
        self.cursor.leave()
        while self.peek().kind is Kind.REDIRECT:
            self.next()
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
        if self.cursor.at("(") and self.peeked is None and self.cursor.text[self.cursor.position - 1] == "(":
            return self._arithmetic()
        body = self.block(frozenset({")"}))
        self.expect(")")
        return Group(body, subshell=True)

    def _arithmetic(self) -> Node:
        start = self.cursor.offset - 1
        end = self.cursor.text.find(_ARITHMETIC_END, self.cursor.position)
        if end < 0:
            self.cursor.note("a (( is not closed")
        self.cursor.position = len(self.cursor.text) if end < 0 else end + 2
        word = Word((Text("(("),), start, self.cursor.offset)
        return Simple((), (word,), (), start, self.cursor.offset)

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
        if self.is_("(") and self.cursor.at("("):
            self.next()
            self._arithmetic()
            name, words = "", None
        else:
            name = self.next().text
            words = self._for_words()
        while self.is_(";", "\n"):
            self.next()
        return For(name, words, self._do())

    def _for_words(self) -> tuple[Word, ...] | None:
        self.skip_newlines()
        if not self.expect("in", only_if_present=True):
            return None
        words = []
        while (word := self.peek().word) is not None:
            self.next()
            words.append(word)
        return tuple(words)

    def _case(self) -> Node:
        subject = self.next()
        self.skip_newlines()
        self.expect("in")
        arms = []
        while True:
            self.skip_newlines()
            if self.is_("esac") or self.peek().kind is Kind.END:
                break
            arms.append(self._arm())
        self.expect("esac")
        word = subject.word or Word((), subject.start, subject.end)
        return Case(word, tuple(arms))

    def _arm(self) -> tuple[tuple[Word, ...], Block]:
        self.expect("(", only_if_present=True)
        patterns = []
        while not self.is_(")", "\n", ";;") and self.peek().kind is not Kind.END:
            word = self.next().word
            if word is not None:
                patterns.append(word)
        self.expect(")")
        body = self.block(frozenset({";;", ";&", ";;&", "esac"}))
        if self.is_(";;", ";&", ";;&"):
            self.next()
        return tuple(patterns), body

    def _function(self) -> Node:
        name = self.next().text
        if self.expect("(", only_if_present=True):
            self.expect(")")
        return self._function_body(name)

    def _function_body(self, name: str) -> Node:
        self.skip_newlines()
        self.cursor.enter()
        body = self._command()
        self.cursor.leave()
        return Function(name, Block((("", Chain((("", Pipeline((body,))),))),)))

    def _double_brackets(self) -> Node:
        start = self.end - 2
        words = [Word((Text("[["),), start, self.end)]
        while self.peek().kind is not Kind.END and not self.is_("]]"):
            token = self.next()
            if token.kind is Kind.REDIRECT and token.redirect is not None:
                words += [Word((Text(token.text),), token.start, token.start), token.redirect.target]
            elif token.kind is not Kind.NEWLINE:
                words.append(token.word or Word((Text(token.text),), token.start, token.end))
        words.append(Word((Text("]]"),), self.peek().start, self.peek().end))
        self.expect("]]")
        return Simple((), tuple(words), (), start, self.end)

    # simple commands

    def _simple(self) -> Node:
        start = self.peek().start
        assignments: list[Assignment] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while words or not self.is_(*_CLOSING):
            token = self.peek()
            if token.redirect is not None:
                redirects.append(token.redirect)
            elif token.word is None:
                break
            elif not words and (assignment := _assignment(token.word)):
                self.next()
                assignments.append(self._array(assignment))
                continue
            else:
                words.append(token.word)
            self.next()
        if len(words) == 1 and not assignments and self.is_("("):
            return self._definition(words[0])
        return Simple(tuple(assignments), tuple(words), tuple(redirects), start, max(start, self.end))

    def _definition(self, name: Word) -> Node:
        self.next()
        self.expect(")")
        return self._function_body(name.literal or "")

    def _array(self, assignment: Assignment) -> Assignment:
        """`NAME=(a b)` as one value with blanks between, which is how it expands unquoted."""
        if assignment.value.parts or not self.cursor.at("(") or self.peeked is not None:
            return assignment
        self.next()
        words: list[Word] = []
        while not self.is_(")") and self.peek().kind is not Kind.END:
            token = self.next()
            words += [token.word] if token.word else []
        self.expect(")")
        parts = [part for word in words for part in (*word.parts, Text(" "))][:-1]
        value = Word(tuple(parts), assignment.value.start, self.end)
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
