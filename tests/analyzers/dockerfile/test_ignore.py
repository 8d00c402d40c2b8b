"""`.dockerignore` held against what Docker does: a table by hand, and a plain translation of its own rules."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.dockerfile import globs
from analyzers.dockerfile.ignore import Patterns, TooMuchWork
from tests.work import cpu_seconds

IGNORED = [
    ("a", "a"),
    ("a", "a/b/c"),
    ("/a", "a"),
    ("./a", "a"),
    ("a/", "a/b"),
    ("a/", "a"),
    ("a//b", "a/b"),
    ("x/../a", "a"),
    ("../a", "../a"),
    ("  a  ", "a"),
    ("a\r", "a"),
    ("a/b", "a/b/c"),
    ("*", "a"),
    ("*", "a/b"),
    ("*.py", "a.py"),
    ("*/b", "a/b"),
    ("*/*.py", "a/b.py"),
    ("a*", "abc/d"),
    ("a?c", "abc"),
    ("a?c", "a☺c"),
    ("**", "a/b"),
    ("**/", "a/b"),
    ("**/a", "a"),
    ("**/a", "b/c/a"),
    ("**/a", "b/a/c"),
    ("**/*.py", "a.py"),
    ("**/*.py", "a/b/c.py"),
    ("a/**", "a/b/c"),
    ("a/**/c", "a/c"),
    ("a/**/c", "a/b/b/c"),
    ("**/a/**/b", "x/a/y/b"),
    ("**a", "b/ca"),
    ("a**/*.txt", "ab/c/d.txt"),
    ("**/__pycache__", "a/__pycache__/b.pyc"),
    ("**/*.py[cod]", "a/b.pyc"),
    ("[ab]c", "ac"),
    ("[^ab]c", "cc"),
    ("[a-c]", "b"),
    ("a[^b]c", "a/c"),
    ("a\\*", "a*"),
    ("\\#a", "#a"),
    ("a.b", "a.b"),
    ("a+(b)|{c}$", "a+(b)|{c}$"),
    (".*", ".env"),
    (".env*", ".env.local"),
    (".git", ".git/config"),
    ("!a\na", "a"),
    ("a\n!a/b\na/b/c", "a/b/c"),
    ("a\n!b", "a"),
    ("**\n!a/b", "a/c"),
    ("\ufeffa", "a"),
    ("a b", "a b"),
]
KEPT = [
    ("a", "b"),
    ("a", "b/a"),
    ("a", "ab"),
    ("A", "a"),
    ("# a", "# a"),
    ("", "a"),
    (".", "a"),
    ("/", "a"),
    ("*.py", "a/b.py"),
    ("*/b", "b"),
    ("*/b", "a/c/b"),
    ("a/*", "a"),
    ("a/**", "a"),
    ("a?c", "a/c"),
    ("a?c", "ac"),
    ("**/a", "ba"),
    ("**/.env", "x.env"),
    ("a/**/c", "ac"),
    ("*.py[cod]", "a/b.pyc"),
    ("[ab]c", "cc"),
    ("[!a]b", "cb"),
    ("a\\*", "ab"),
    ("abc.def", "abcZdef"),
    ("a\n!a", "a"),
    ("a\n!a", "a/b"),
    ("a\n!a/b", "a/b"),
    ("a\n!a/b", "a/b/c"),
    ("*\n!a", "a/b"),
    ("**\n!a/b", "a/b/c"),
    ("*.md\n!README.md", "README.md"),
    ("*\n! a", "a"),
    ("a/*\n!a/*.py", "a/b.py"),
    ("**\n!dist/*.whl", "dist/a.whl"),
]


@pytest.mark.parametrize(("rules", "path"), IGNORED)
def test_docker_ignores(rules, path):
    assert Patterns.parse(rules).ignores(path)


@pytest.mark.parametrize(("rules", "path"), KEPT)
def test_docker_keeps(rules, path):
    assert not Patterns.parse(rules).ignores(path)


@pytest.mark.parametrize("rule", ["[", "[]a]", "[a", "[-]", "[a-]", "[b-a]", "a\\", "!", "x" * 2_000])
def test_a_refused_pattern_is_reported_with_its_line(rule):
    patterns = Patterns.parse(f"a\n{rule}\nb")
    assert [line for line, _ in patterns.errors] == [2]
    assert patterns.texts == ("a", "b")


def test_texts_are_the_cleaned_patterns():
    assert Patterns.parse("# c\n\n/a/\n!./b/../c\n").texts == ("a", "!c")


def translated(pattern: str) -> re.Pattern[str]:
    """Docker's own translation, which may backtrack; only for short texts."""
    pieces = []
    for match in re.finditer(r"\*\*/?|\*|\?|\[[^]]*\]|.", pattern, re.DOTALL):
        known = {"**": "(.*/)?", "**/": "(.*/)?", "*": "[^/]*", "?": "[^/]"}
        text = match.group()
        spans_rest = text.startswith("**") and match.end() == len(pattern)
        pieces.append(".*" if spans_rest else known.get(text) or (text if text[0] == "[" else re.escape(text)))
    return re.compile("".join(pieces), re.DOTALL)


PATTERN = st.lists(
    st.sampled_from(["a", "b", "/", "*", "**/", "?", "[^a]", "[ab]", "*/", "a*"]), min_size=1, max_size=8
)
PATH = st.text(alphabet="aab/c", min_size=1, max_size=10)


@given(PATTERN.map("".join), st.lists(PATH, min_size=1, max_size=8))
@settings(deadline=None, max_examples=300)
def test_every_form_matches_what_dockers_translation_matches(pattern, paths):
    found = globs.tokens(pattern, spanning=True)
    regex = globs.regex_of(found)
    automaton = globs.automaton(found)
    for path in paths:
        expected = translated(pattern).fullmatch(path) is not None
        assert automaton(path) == expected
        assert regex is None or (re.fullmatch(regex, path, re.DOTALL) is not None) == expected


@given(st.text(max_size=60), st.text(max_size=30))
@settings(deadline=None)
def test_no_rules_make_it_raise(rules, path):
    Patterns.parse(rules).ignores(path)


@pytest.mark.parametrize(
    "pattern", ["a*" * 400, "**/" + "*a" * 300 + "/b", "**/a" * 200, "a**" * 200, "*[^a]" * 100, "(a+)+$" * 50]
)
def test_no_pattern_backtracks(pattern):
    def seconds(length: int) -> float:
        patterns = Patterns.parse(pattern)
        return cpu_seconds(lambda: patterns.ignores("a" * length + "b"))

    assert seconds(3_200) < 40 * max(seconds(400), 0.0005)


def test_more_matches_than_the_limit_are_refused():
    patterns = Patterns.parse("".join(f"a*{index}\n" for index in range(5_000)))
    with pytest.raises(TooMuchWork):
        any(patterns.ignores(f"b{index}") for index in range(10_000))
