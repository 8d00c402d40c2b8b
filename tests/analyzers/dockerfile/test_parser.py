"""The Dockerfile reader on hand-written files, and that nothing makes it raise."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.dockerfile.parser import parse
from analyzers.dockerfile.syntax import Dockerfile, Flag, Instruction


def read(text: str) -> Dockerfile:
    return parse(dedent(text).lstrip("\n"))


def only(text: str) -> Instruction:
    dockerfile = read(text)
    assert dockerfile.problems == ()
    (instruction,) = dockerfile.instructions
    return instruction


def test_directives_are_read_at_the_top_only():
    directives = read(
        "#Syntax = docker/dockerfile:1 extra\n# escape=`\n# check=skip=all\nFROM a\n# syntax=late\n"
    ).directives
    assert (directives.syntax, directives.escape, directives.check) == ("docker/dockerfile:1", "`", "skip=all")
    assert directives.syntax_line == 1


@pytest.mark.parametrize("before", ["\n", "# a comment\n", "# unknown=1\n", "FROM a\n"])
def test_anything_else_above_ends_the_directives(before):
    assert parse(before + "# escape=`\nFROM b\n").directives.escape == "\\"


def test_a_repeated_directive_is_a_problem():
    assert [problem.line for problem in parse("# escape=\\\n# escape=`\nFROM a\n").problems] == [2]


def test_an_impossible_escape_character_is_a_problem():
    dockerfile = parse("# escape=x\nFROM a\n")
    assert dockerfile.problems[0].line == 1
    assert dockerfile.directives.escape == "\\"


def test_comments_and_blank_lines_inside_a_continuation_are_dropped():
    instruction = only("RUN a \\\n  # why\n\n  && b \\\n  && c\n")
    assert instruction.text == "a   && b   && c"
    assert (instruction.line, instruction.end_line) == (1, 5)
    assert [instruction.line_at(instruction.text.index(name)) for name in "abc"] == [1, 4, 5]


def test_a_doubled_escape_does_not_continue_the_line():
    assert len(parse("RUN a \\\\\nRUN b\n").instructions) == 2


def test_a_backslash_at_the_end_of_the_file_is_forgiven():
    assert only("RUN a \\").text == "a"


def test_the_backtick_continues_lines_where_it_is_the_escape():
    dockerfile = parse("# escape=`\nRUN a `\n  b\nRUN c \\\nRUN d\n")
    assert [instruction.text for instruction in dockerfile.instructions] == ["a   b", "c \\", "d"]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing():
    plain = parse(b"FROM a\nRUN b \\\n  c\n")
    odd = parse(b"\xef\xbb\xbfFROM a\r\nRUN b \\\r\n  c\r\n")
    assert [(i.keyword, i.text, i.line) for i in odd.instructions] == [
        (i.keyword, i.text, i.line) for i in plain.instructions
    ]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-8"])
def test_bytes_of_any_encoding_are_read(encoding):
    dockerfile = parse("FROM a\nLABEL name=café\n".encode(encoding))
    assert dockerfile.instructions[1].words == ("name=café",)


def test_keywords_are_upper_case_and_the_comments_right_above_are_kept():
    instruction = parse("# far\n\n# hadolint ignore=DL3008\n# why\nfrom a\n").instructions[0]
    assert instruction.keyword == "FROM"
    assert instruction.comments == ((3, "hadolint ignore=DL3008"), (4, "why"))


def test_flags_lose_their_quotes_and_end_at_the_first_other_word():
    instruction = only('COPY --from=b --chown="a b:c" --link -- --x y\n')
    assert instruction.flags == (Flag("from", "b"), Flag("chown", "a b:c"), Flag("link", None))
    assert instruction.words == ("--x", "y")


def test_onbuild_holds_an_instruction_with_flags_of_its_own():
    inner = only("ONBUILD RUN --mount=type=cache,target=/x make\n").inner
    assert inner is not None
    assert (inner.keyword, inner.text) == ("RUN", "make")
    assert inner.flags[0].options() == {"type": "cache", "target": "/x"}


def test_onbuild_cannot_hold_onbuild():
    assert parse("ONBUILD ONBUILD RUN a\n").problems[0].line == 1


@pytest.mark.parametrize(
    ("text", "words", "json"),
    [
        ('CMD ["a", "b c"]', ("a", "b c"), True),
        ("CMD ['a']", ("['a']",), False),
        ('CMD ["a",]', ('["a",]',), False),
        ('CMD ["a"] b', ('["a"]', "b"), False),
        ("CMD []", (), True),
        ("CMD a 'b c'", ("a", "'b", "c'"), False),
        ('COPY ["a b", "/c"]', ("a b", "/c"), True),
        ('HEALTHCHECK --interval=5s CMD ["curl", "x"]', ("curl", "x"), True),
        ("HEALTHCHECK NONE", (), False),
        ("ENV a=1 b='2 3' c=\\ d", ("a=1", "b='2 3'", "c=\\ d"), False),
        ("ENV a b=c d", ("a=b=c d",), False),
        ("ARG a b=1 c=", ("a", "b=1", "c="), False),
        ("LABEL a=b", ("a=b",), False),
    ],
)
def test_arguments_follow_the_keywords_grammar(text, words, json):
    instruction = only(text)
    assert (instruction.words, instruction.json) == (words, json)


@pytest.mark.parametrize("text", ["ENV a", "ENV a=1 b", "LABEL a", "CMD [1]", "COPY [{}]"])
def test_what_the_builder_refuses_is_a_problem_and_the_rest_is_read(text):
    dockerfile = parse(f"FROM a\n{text}\nRUN b\n")
    assert [problem.line for problem in dockerfile.problems] == [2]
    assert [instruction.keyword for instruction in dockerfile.instructions] == ["FROM", "RUN"]


def test_several_heredocs_belong_to_one_instruction():
    instruction = only("COPY <<one <<-'two' /x/\nFROM no\none\n\tRUN no\n\ttwo\n")
    first, second = instruction.heredocs
    assert (first.name, first.content, first.line, first.end_line) == ("one", "FROM no\n", 2, 3)
    assert (second.name, second.content, second.expand, second.chomp) == ("two", "RUN no\n", False, True)
    assert (instruction.line, instruction.end_line) == (1, 5)


def test_blanks_may_stand_before_a_heredocs_name():
    assert only("RUN cat << EOF\nx\nEOF\n").heredocs[0].content == "x\n"


def test_a_shift_whose_terminator_is_nowhere_is_arithmetic():
    assert [instruction.line for instruction in parse("RUN echo $((1 << 3))\nRUN y\n").instructions] == [1, 2]


def test_a_heredoc_inside_onbuild_is_given_to_both():
    instruction = only("ONBUILD RUN <<EOF\na\nEOF\n")
    assert instruction.inner is not None
    assert instruction.inner.heredocs == instruction.heredocs != ()
    assert instruction.inner.end_line == 3


@pytest.mark.parametrize(
    "line",
    [
        "RUN cat <<<EOF",
        "CMD cat <<EOF",
        "LABEL a=<<EOF",
        'RUN ["cat", "<<EOF"]',
        "RUN echo '<<EOF'",
        "RUN echo $((1<<EOF))",
        "RUN echo \"it's <<EOF",
    ],
)
def test_these_open_no_heredoc(line):
    dockerfile = parse(f"{line}\nRUN next\n")
    assert [instruction.line for instruction in dockerfile.instructions] == [1, 2]


def test_an_unterminated_heredoc_ends_the_reading():
    dockerfile = parse("FROM a\nRUN <<EOF\nFROM b\n")
    assert dockerfile.truncated
    assert dockerfile.problems[-1].line == 2
    assert "EOF" in dockerfile.problems[-1].message


@pytest.mark.parametrize(
    "line",
    [
        "{% if x %}",
        "{{ header }}",
        "FROM {{ image }}",
        "RUN pip install {{ package }}",
        "ENV A={{cookiecutter.name}}",
        "RUN a {%- if b %} c",
    ],
)
def test_unexpanded_template_lines_are_problems(line):
    assert [problem.line for problem in parse(f"FROM a\n{line}\nRUN b\n").problems] == [2]


@pytest.mark.parametrize(
    "line",
    [
        "RUN docker inspect --format '{{.State}}' x",
        "RUN go list -f '{{ range .Deps }}{{ end }}'",
        "LABEL a='${{ github.sha }}'",
        "RUN curl -w '%{http_code}' x",
    ],
)
def test_go_formats_and_workflow_expressions_are_plain_text(line):
    assert parse(f"FROM a\n{line}\n").problems == ()


def test_template_markers_inside_a_heredoc_are_content():
    assert parse("RUN <<EOF\n{% if x %}\nEOF\n").problems == ()


def test_a_file_over_the_limit_is_not_read():
    dockerfile = parse(b"FROM a\n" + b"#" * 256 * 1024)
    assert (dockerfile.instructions, dockerfile.truncated) == ((), True)
    assert "256 KiB" in dockerfile.problems[0].message


def test_a_line_over_the_limit_is_a_problem_and_the_rest_is_read():
    dockerfile = parse("FROM a\nRUN " + "x" * 33_000 + "\nRUN b\n")
    assert dockerfile.problems[0].line == 2
    assert "32 KiB" in dockerfile.problems[0].message
    assert dockerfile.instructions[-1].text == "b"


def test_too_many_instructions_are_cut_off():
    dockerfile = parse("RUN a\n" * 1_001)
    assert len(dockerfile.instructions) == 1_000
    assert dockerfile.truncated
    assert "1000" in dockerfile.problems[-1].message


def test_an_empty_file_is_a_problem():
    assert parse("").problems[0].message == "the file has no instructions"


LINES = st.sampled_from(
    [
        "FROM a AS b",
        "RUN x \\",
        "RUN <<EOF",
        "EOF",
        "\tEOF",
        "RUN <<-'EOF' cat <<X",
        "X",
        "# c",
        "",
        " ",
        "ENV a=b c",
        "ENV a 'b",
        'COPY --from=b ["a",',
        "ONBUILD RUN <<EOF",
        "onbuild",
        "{% x %}",
        "ARG ${x:-",
        "RUN [[[[",
        "\\",
        "HEALTHCHECK",
        "# escape=`",
        "`",
        "RUN a`",
        "\x1c",
        "CMD [1e999]",
        "RUN \"${a:-'b",
        'ADD <<"E F" x',
        "E F",
    ]
)


@given(st.lists(LINES | st.text(max_size=30), max_size=30).map("\n".join))
@settings(deadline=None, max_examples=300)
def test_no_text_makes_it_raise(text):
    dockerfile = parse(text)
    last = text.count("\n") + 1
    assert all(1 <= i.line <= i.end_line <= last for i in dockerfile.instructions)
    assert all(
        i.line <= i.line_at(offset) <= i.end_line for i in dockerfile.instructions for offset in (0, len(i.text))
    )
    assert dockerfile.instructions or dockerfile.problems


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_no_bytes_make_it_raise(data):
    parse(data)
