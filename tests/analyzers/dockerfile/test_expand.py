"""Variable expansion: BuildKit's forms, and bounds on what hostile text can cost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.dockerfile.expand import LENGTH_LIMIT_CHARACTERS, expand

ENV = {"X": "foo/bar.tar.gz", "E": "", "N1": "1"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("$X", "foo/bar.tar.gz"),
        ("a${N1}b", "a1b"),
        ("$N1.x", "1.x"),
        ("${E:-d}", "d"),
        ("${E-d}", ""),
        ("${U-d}", "d"),
        ("${U:-a${N1}b}", "a1b"),
        ("${U:-${V:-x}}", "x"),
        ("${X:+set}", "set"),
        ("${E:+set}", ""),
        ("${E+set}", "set"),
        ("${U+set}", ""),
        ("${N1:?no}", "1"),
        ("${X#*/}", "bar.tar.gz"),
        ("${X##*.}", "gz"),
        ("${X%.*}", "foo/bar.tar"),
        ("${X%%.*}", "foo/bar"),
        ("${X#nothing}", "foo/bar.tar.gz"),
        ("${X/o/0}", "f0o/bar.tar.gz"),
        ("${X//o/0}", "f00/bar.tar.gz"),
        ("${X//\\//-}", "foo-bar.tar.gz"),
        ("${X/b*r/_}", "foo/_.gz"),
        ("'$X'", "$X"),
        ('"$N1 2"', "1 2"),
        ("\\$X", "$X"),
        ('"\\$X \\n"', "$X \\n"),
        ("a\\ b", "a b"),
        ("it''s", "its"),
        ("$", "$"),
        ("a$/b", "a$/b"),
    ],
)
def test_known_variables_are_replaced(text, expected):
    expansion = expand(text, ENV)
    assert (expansion.text, expansion.unresolved, expansion.error) == (expected, frozenset(), "")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("$U/bin", {"U"}),
        ("${U}-${V}", {"U", "V"}),
        ("${E:?needed}", {"E"}),
        ("${U%.*}", {"U"}),
        ("${W:-$U}", {"U"}),
        ("${X#?}", {"X"}),
    ],
)
def test_a_variable_without_a_value_stays_as_written_and_is_named(text, names):
    expansion = expand(text, ENV)
    assert expansion.unresolved == names
    assert "$" in expansion.text


def test_what_an_unused_default_names_does_not_count():
    assert expand("${X:-$U}", ENV).unresolved == frozenset()


def test_the_backtick_escapes_where_the_file_says_so():
    assert expand("c:\\x`$X", ENV, "`").text == "c:\\x$X"


@pytest.mark.parametrize("text", ["${", "${}", "'open", '"open', "${X:-open", "${X^^}", "${X:#a}", "${" * 50])
def test_bad_syntax_is_an_error_and_leaves_the_text(text):
    expansion = expand(text, ENV)
    assert expansion.error
    assert expansion.text == text


def test_deep_nesting_is_refused_without_recursing_deeply():
    assert "nest" in expand("${A:-" * 100_000, {}).error


def test_a_doubling_value_is_cut_off():
    value = "x" * (LENGTH_LIMIT_CHARACTERS // 2 + 1)
    assert "limit" in expand("$A$A", {"A": value}).error


@given(st.text(alphabet="${}X:-+?#%/*\\'\"a `", max_size=60))
@settings(deadline=None, max_examples=300)
def test_no_text_makes_it_raise(text):
    expand(text, ENV)
