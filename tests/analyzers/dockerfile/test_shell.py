"""Which commands a script runs, and what is known of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.dockerfile.commands import Command
from analyzers.dockerfile.shell import inner_script, read_script
from analyzers.dockerfile.syntax import Heredoc
from tests.work import cpu_seconds


def commands(text: str, **env: str) -> list[str]:
    """Each command as one line; "?" in front where it may not run."""
    found = read_script(text, env=env).commands
    return [("? " if command.conditional else "") + " ".join(command.argv) for command in found if command.argv]


def only(text: str, **env: str) -> Command:
    (command,) = read_script(text, env=env).commands
    return command


# words


@pytest.mark.parametrize(
    ("text", "argv"),
    [
        ("echo 'a b' \"c d\" e\\ f", ("echo", "a b", "c d", "e f")),
        ("echo \\$X '$Y' \"\\$Z\"", ("echo", "$X", "$Y", "$Z")),
        ('echo "" a', ("echo", "", "a")),
        ("echo $'a\\tb'", ("echo", "a\tb")),
        ("echo a#b # not this", ("echo", "a#b")),
        ("pip install \\\n  flask \\\n  gunicorn", ("pip", "install", "flask", "gunicorn")),
        ("make -j$(nproc)", ("nproc",)),
        ("rm -rf /var/lib/{apt,cache}/*", ("rm", "-rf", "/var/lib/{apt,cache}/*")),
    ],
)
def test_quotes_and_escapes_are_taken_off(text: str, argv: tuple[str, ...]) -> None:
    assert read_script(text).commands[0].argv == argv


@pytest.mark.parametrize(
    ("text", "argv"),
    [
        ("echo $X ${X}y", ("echo", "v", "vy")),
        ('echo $TWO "$TWO"', ("echo", "a", "b", "a b")),
        ("echo $EMPTY end", ("echo", "end")),
        ("echo $NONE ${NONE} ${NONE}x", ("echo", "$NONE", "$NONE", "${NONE}x")),
        ("echo ${NONE:-d} ${NONE-d} ${EMPTY:-d} ${EMPTY-d}", ("echo", "d", "d", "d")),
        ("echo ${X:+--extra} ${EMPTY:+--extra} ${NONE:+--extra}", ("echo", "--extra")),
        ("echo ${FILE%.py} ${FILE##*/}", ("echo", "a/b", "b.py")),
        ("echo ${NONE:-${X}}", ("echo", "v")),
        ('exec "$@"', ("exec", "$@")),
        ('echo "${X/a/b}"', ("echo", "${X/a/b}")),
    ],
)
def test_variables_are_expanded_as_far_as_they_are_known(text: str, argv: tuple[str, ...]) -> None:
    assert only(text, X="v", TWO="a b", EMPTY="", FILE="a/b.py").argv == argv


def test_an_assignment_seen_earlier_is_expanded() -> None:
    assert commands("V=1.2; W=$V.3; pip install flask==$W") == ["pip install flask==1.2.3"]


def test_an_assignment_before_a_command_is_recorded_and_does_not_last() -> None:
    first, second = read_script("DEBIAN_FRONTEND=noninteractive apt-get install x; echo $DEBIAN_FRONTEND").commands
    assert first.assignments == (("DEBIAN_FRONTEND", "noninteractive"),)
    assert second.argv == ("echo", "$DEBIAN_FRONTEND")


def test_an_exported_variable_is_expanded() -> None:
    assert commands("export A=1 B=2; echo $A$B") == ["export A=1 B=2", "echo 12"]


def test_a_partly_known_value_keeps_what_is_known() -> None:
    assert commands('CMD="gunicorn $OPTS"; exec $CMD') == ["exec gunicorn $OPTS"]


def test_a_variable_set_in_one_branch_is_unknown_after_it() -> None:
    assert commands('A=x; if [ "$E" = dev ]; then A=y; fi; echo $A')[-1] == "echo $A"


def test_a_subshell_keeps_its_variables_to_itself() -> None:
    assert commands("A=x; (A=y; echo $A); echo $A") == ["echo y", "echo x"]


def test_an_array_expands_to_its_words() -> None:
    assert commands('A=(gcc make); apt-get install "${A[@]}"')[-1].startswith("apt-get install gcc make")


# what runs


def test_operators_join_commands() -> None:
    found = read_script("a && b || c; d | e\nf & g").commands
    assert [command.operator for command in found] == ["", "&&", "||", ";", "|", "\n", "&"]
    assert [command.background for command in found] == [False, False, False, False, False, True, False]


def test_what_stands_right_of_or_may_not_run() -> None:
    assert commands("pip install a || pip install b; c") == ["pip install a", "? pip install b", "c"]


def test_what_stands_right_of_and_runs_after_an_ordinary_command() -> None:
    assert commands("apt-get update && apt-get install x") == ["apt-get update", "apt-get install x"]


@pytest.mark.parametrize(
    ("test", "runs"),
    [
        ('[ "$E" = dev ]', True),
        ('[ "$E" != dev ]', False),
        ('[ -n "$E" ]', True),
        ('[ -z "$E" ]', False),
        ("test $E = prod", False),
        ("[[ $E == d* ]]", True),
        ("[[ $E == d* && -z $EMPTY ]]", True),
        ('[ "$E" = prod -o "$E" = dev ]', True),
        ('[ "x$EMPTY" = "x" ]', True),
        ('! [ "$E" = dev ]', False),
        ('[ "$N" -ge 3 ]', True),
        ("true", True),
        ("false", False),
    ],
)
def test_a_test_of_known_variables_decides(test: str, runs: bool) -> None:
    env = {"E": "dev", "EMPTY": "", "N": "3"}
    for script in (f"if {test}; then yes; else no; fi", f"{test} && yes; {test} || no"):
        assert ("yes" in commands(script, **env)) == runs
        assert ("no" in commands(script, **env)) != runs
        assert not any(command.startswith("?") for command in commands(script, **env))


@pytest.mark.parametrize(
    "test", ['[ "$NONE" = dev ]', "[ -f x ]", "command -v pip", "grep -q x y", '[ "${NONE:-a}" = a ]']
)
def test_an_open_test_leaves_both_branches_conditional(test: str) -> None:
    assert commands(f"if {test}; then yes; else no; fi")[-2:] == ["? yes", "? no"]
    assert commands(f"{test} && yes")[-1] == "? yes"


def test_elif_chains_stop_at_the_branch_that_runs() -> None:
    script = "if [ $E = a ]; then one; elif [ $E = b ]; then two; else three; fi"
    assert "two" in commands(script, E="b")
    assert {"one", "three"}.isdisjoint(commands(script, E="b"))


def test_a_case_of_a_known_word_runs_one_arm() -> None:
    script = 'case "$E" in dev|test) one ;; p*) two ;; *) three ;; esac'
    assert commands(script, E="test") == ["one"]
    assert commands(script, E="prod") == ["two"]
    assert commands(script, E="x") == ["three"]
    assert commands(script) == ["? one", "? two", "? three"]


def test_a_loop_over_words_runs_and_a_while_loop_may_not() -> None:
    assert commands("for p in a b; do pip install $p; done") == ["pip install $p"]
    assert commands("for p in a; do pip install $p; done") == ["pip install a"]
    assert commands("while nc -z db; do sleep 1; done") == ["nc -z db", "? sleep 1"]


def test_nothing_runs_after_exec_or_exit() -> None:
    assert commands("a; exec b; c") == ["a", "exec b"]
    assert commands("if [ -f x ]; then exit 1; fi; b")[-1] == "b"
    assert commands("case $1 in a) exec b ;; *) exec c ;; esac; d") == ["? exec b", "? exec c"]
    assert commands("(exit 1); b")[-1] == "b"


# functions


def test_a_called_function_runs_with_its_arguments() -> None:
    found = read_script('install() { apt-get install "$@" $1; }\ninstall a b').commands
    assert [command.argv for command in found] == [("install", "a", "b"), ("apt-get", "install", "a", "b", "a")]
    assert found[1].function == "install"
    assert not found[1].conditional


def test_a_function_that_nothing_calls_is_conditional() -> None:
    (command,) = read_script("function unused { pip install x; }").commands
    assert command.conditional
    assert command.function == "unused"


def test_a_function_that_calls_itself_ends() -> None:
    assert read_script("f() { f; g; }; g() { f; }; f").complete


def test_return_ends_the_function_only() -> None:
    assert commands("f() { a; return; b; }; f; c") == ["f", "a", "return", "c"]


def test_set_gives_the_parameters_that_exec_runs() -> None:
    assert commands('set -- gunicorn "$@"; exec "$@"')[-1] == "exec gunicorn $@"
    assert commands('[ -f x ] && set -- gunicorn; exec "$@"')[-1] == "exec $@"


def test_a_given_parameter_is_used() -> None:
    (command,) = read_script("case $1 in web) exec gunicorn $1;; *) exec other;; esac", env={"1": "web"}).commands
    assert command.argv == ("exec", "gunicorn", "web")


# substitutions, here-documents, redirections, lines


def test_commands_of_a_substitution_come_first_in_a_subshell() -> None:
    found = read_script('X="$(curl -s $(a))"; echo `date`').commands
    assert [(" ".join(command.argv), command.subshell) for command in found] == [
        ("a", True),
        ("curl -s $(a)", True),
        ("", False),
        ("date", True),
        ("echo `date`", False),
    ]


def test_a_here_document_is_given_as_input() -> None:
    cat, after = read_script("cat <<-'EOF' > /etc/x\n\tline $X\n\tEOF\nafter").commands
    assert cat.stdin == "line $X\n"
    assert cat.redirects == ("<<- EOF", "> /etc/x")
    assert after.line == 4


def test_a_here_document_for_a_shell_is_its_script() -> None:
    found = read_script("bash -e <<EOF\npip install x\n\napk add y\nEOF\nz").commands
    assert [(command.name, command.line) for command in found] == [("bash", 1), ("pip", 2), ("apk", 4), ("z", 6)]


def test_a_here_document_may_stand_outside_the_text() -> None:
    given = Heredoc("EOF", "pip install x\n", 12, 13, True, False)
    found = read_script("sh <<EOF", line_at=lambda offset: 11, heredocs=(given,)).commands
    assert [(command.name, command.line) for command in found] == [("sh", 11), ("pip", 12)]


def test_a_process_substitution_is_an_argument() -> None:
    found = read_script("pip install -r <(poetry export) && next").commands
    assert [command.argv for command in found] == [
        ("poetry", "export"),
        ("pip", "install", "-r", "<(poetry export)"),
        ("next",),
    ]


def test_redirections_are_no_arguments() -> None:
    command = only("a 2>&1 >/dev/null b <<< text")
    assert command.argv == ("a", "b")
    assert command.redirects == ("2>&1", "> /dev/null", "<<< text")
    assert command.stdin == "text"


def test_lines_are_counted_from_the_start_of_the_command() -> None:
    first, second = read_script("a \\\n  b\n\nc").commands
    assert (first.line, first.end_line, second.line) == (1, 2, 4)


def test_a_script_inside_an_argument_is_found() -> None:
    assert inner_script(only("bash -lc 'pip install x'")) == "pip install x"
    assert inner_script(only("/bin/sh -e -c 'x'")) == "x"
    assert inner_script(only("bash script.sh -c")) is None
    assert inner_script(only("python -c 'x'")) is None


# bad input


@pytest.mark.parametrize(
    "text", ["fi", "echo 'open", 'echo "open', "${X", "$((1", "(a", "if a; then b", "a )", "$(" * 500, "((" * 500]
)
def test_what_cannot_be_read_is_said(text: str) -> None:
    script = read_script(text)
    assert not script.complete
    assert script.why.startswith("line 1: ")


def test_what_can_be_read_around_it_is_kept() -> None:
    assert commands("pip install x; fi; pip install y") == ["pip install x", "pip install y"]


PIECES = ["if ", "then ", "fi;", "case ", " in ", ")", "(", "{ ", "}", "$(", "`", '"', "'", "\\", "\n", ";", "&&", "|"]
PIECES += [
    "${X:-",
    "X=",
    "f()",
    "for x in ",
    "do ",
    "done",
    "<<E\n",
    "E\n",
    "[ ",
    " ]",
    "[[",
    "$X",
    "$@",
    "((",
    "#",
    "a",
]


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)))
def test_no_text_makes_it_raise(text: str) -> None:
    read_script(text, env={"X": "[a-*"})


HOSTILE = [
    "\\a",
    "`",
    "${a[x}",
    "X=$X$X;a $X;",
    "if [ $X ]; then X=$X$X; fi;",
    "f() { f; g; }; g() { f; f; };f;",
    "$(a) ",
]
HOSTILE += ["cat <<A <<B\n", "bash <<A\nx\nA\n", "A[B=", "A=(", "case $X in a|b) x;; esac;", "'\"", "a <", "$((", "! "]


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        return cpu_seconds(lambda: read_script(text))

    assert seconds(16_000) < 30 * max(seconds(2_000), 0.001)
