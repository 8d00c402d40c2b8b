"""The reader held against BuildKit's own parser, through the `dockerfile` package.

That package blocks after a fork, so one spawned process answers for it. Left out of the comparison: what it drops
(ONBUILD's inner flags and here-documents), the unknown instructions that it takes and ours reports, and two points
where BuildKit has changed since: text behind a JSON array makes it shell form, and `<< EOF` opens a here-document.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzers.dockerfile.parser import parse

SERVER = """
import json, sys
import dockerfile
for line in sys.stdin:
    try:
        answer = [
            [c.cmd.upper(), c.start_line, c.end_line, list(c.flags), [h.name for h in c.heredocs],
             [h.content for h in c.heredocs], c.json, list(c.value)]
            for c in dockerfile.parse_string(json.loads(line))
        ]
    except Exception as error:
        answer = str(error)
    print(json.dumps(answer), flush=True)
"""


class Oracle:
    def __init__(self) -> None:
        command = [sys.executable, "-c", SERVER]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def read(self, text: str) -> list[list[object]] | str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(text) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    server = Oracle()
    yield server
    server.process.terminate()
    server.process.wait()


def ours(text: str) -> list[list[object]]:
    found = []
    for each in parse(text).instructions:
        inner = each.inner or each
        flags = ["--" + flag.name + ("" if flag.value is None else f"={flag.value}") for flag in each.flags]
        names = [heredoc.name for heredoc in each.heredocs]
        found.append([each.keyword, each.line, each.end_line, flags, names, inner.json])
    return found


def theirs(answer: list[list[object]]) -> list[list[object]]:
    return [[keyword, start, end, flags, names, is_json] for keyword, start, end, flags, names, _, is_json, _ in answer]


CASES = {
    "plain": "FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nCMD python app.py\n",
    "continuations": "FROM a\nRUN x && \\\n    y && \\\n    z\n",
    "comment in a continuation": "FROM a\nRUN x && \\\n# c\n    # d\n    y\n",
    "blank in a continuation": "FROM a\nRUN x && \\\n\n\n    y\nRUN z\n",
    "comment ends a continuation": "FROM a\nRUN x \\\n# c\n",
    "escape at the end": "FROM a\nRUN x \\",
    "escape and blanks": "FROM a\nRUN x \\  \t\n y\n",
    "double escape": "FROM a\nRUN x \\\\\nRUN y\n",
    "lone escape": "FROM a\n\\\nRUN x\n",
    "backtick": "# escape=`\nFROM a\nRUN x `\n y\nRUN c:\\\nRUN z\n",
    "syntax": "# syntax=docker/dockerfile:1\n# check=error=true\nFROM a\n",
    "late escape": "FROM a\n# escape=`\nRUN x \\\n y\n",
    "escape below a comment": "# hello\n# escape=`\nFROM a\nRUN x \\\n y\n",
    "lower case": "from a as b\nrun x\ncopy --from=b x y\n",
    "crlf": "FROM a\r\nRUN x \\\r\n  y\r\nRUN <<EOF\r\nz\r\nEOF\r\n",
    "byte order mark": "\ufeffFROM a\nRUN x\n",
    "indented": "  FROM a\n\tRUN x\n",
    "flags": "FROM --platform=x a\nRUN --mount=type=cache,target=/x --network=none y\nCOPY --link --chmod=7 a b\n",
    "quoted flag": "FROM a\nRUN --mount=type=bind,source=\"a b\",target=/x y\nCOPY --chown='a:b' x y\n",
    "escaped flag": "FROM a\nCOPY --chown=a\\ b x y\n",
    "end of flags": "FROM a\nRUN --network=none -- --x\n",
    "health check": 'FROM a\nHEALTHCHECK --interval=1s --timeout=2s CMD ["x", "y"]\nHEALTHCHECK NONE\n',
    "json": 'FROM a\nRUN ["x", "y"]\nCMD [ "x" ]\nENTRYPOINT ["a\\tb"]\nSHELL ["sh", "-c"]\nVOLUME ["/a"]\n',
    "bad json": "FROM a\nRUN ['x']\nCMD [\"x\",]\nENTRYPOINT [x]\nCMD []\n",
    "pairs": 'FROM a\nENV a=1 b="2 3" c=\'4 5\' d=\\ e\nENV a b c\nLABEL x=y z="\\"q\\""\nARG a b=1\n',
    "heredoc": "FROM a\nRUN <<EOF\nFROM b\nEOF\nRUN x\n",
    "heredocs": "FROM a\nCOPY <<a <<b /x/\n1\na\n2\nb\nRUN x\n",
    "chomped": "FROM a\nRUN <<-EOF\n\tx\n\tEOF\nRUN y\n",
    "quoted heredoc": "FROM a\nRUN <<'EOF' cat\n$x\nEOF\nRUN <<\"E F\"\nx\nE F\n",
    "numbered heredoc": "FROM a\nRUN cat 3<<EOF <&3\nx\nEOF\n",
    "here-string": "FROM a\nRUN cat <<<EOF\nRUN y\n",
    "shifted": "FROM a\nRUN echo $((1 << 3))\nRUN y\n",
    "heredoc behind a continuation": "FROM a\nRUN x && \\\n cat <<EOF\nz\nEOF\nRUN y\n",
    "heredoc with a continuation in it": "FROM a\nRUN <<EOF\nx \\\nEOF\nRUN y\n",
    "heredoc elsewhere": "FROM a\nCMD <<EOF\nRUN y\nLABEL a=<<EOF\n",
    "heredoc in json": 'FROM a\nRUN ["<<EOF"]\nRUN y\n',
    "heredoc behind a quote": "FROM a\nRUN echo \"a <<EOF\"\nRUN echo 'b' <<EOF\nx\nEOF\n",
    "open quote": 'FROM a\nRUN echo "a <<EOF\nRUN y\n',
    "variables and heredocs": "FROM a\nRUN echo ${a:-<<x} $b <<EOF\nx\nEOF\nRUN y\n",
    "onbuild": 'FROM a\nONBUILD COPY . .\nONBUILD CMD ["x"]\n',
    "instruction without arguments": "FROM a\nRUN\nCMD\nEXPOSE\n",
    "blanks between words": "FROM   a\t AS  b\nEXPOSE 80  \t 81\n",
    "comments between": "# one\n#\nFROM a\n\n# two\nRUN x\n",
    "awk": "FROM a\nRUN awk '{print $1}' x > y && sed -e 's/<</x/' z\n",
}


@pytest.mark.parametrize("name", CASES)
def test_a_hand_written_file_is_read_as_buildkit_reads_it(oracle, name):
    answer = oracle.read(CASES[name])
    assert not isinstance(answer, str), answer
    assert ours(CASES[name]) == theirs(answer)
    assert parse(CASES[name]).problems == ()


@pytest.mark.parametrize("name", ["heredoc", "heredocs", "numbered heredoc", "heredoc with a continuation in it"])
def test_here_document_bodies_are_those_of_buildkit(oracle, name):
    contents = [content for command in oracle.read(CASES[name]) for content in command[5]]
    found = [heredoc.content for each in parse(CASES[name]).instructions for heredoc in each.heredocs]
    assert found == contents


REFUSED = [
    "FROM a\nENV x\n",
    "FROM a\nENV a=1 b\n",
    "FROM a\nCMD [1]\n",
    "FROM a\nRUN <<EOF\n",
    "",
    "# x\n",
    "# escape=x\nFROM a\n",
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_buildkit_refuses_is_a_problem(oracle, text):
    assert isinstance(oracle.read(text), str)
    assert parse(text).problems


PIECES = st.sampled_from(
    [
        "x",
        "y z",
        "'a b'",
        '"c d"',
        "\\ ",
        "\\",
        "&&",
        "$v",
        "${v:-w}",
        "<<EOF",
        "<<-E",
        "<<'Q'",
        "<<<",
        "#",
        "=",
        "k=v",
        "--flag",
        '--f="a b"',
        "--",
        "`",
        "1<<2",
        "'",
        '"',
        "<",
        "$",
        "|",
    ]
)
KEYWORDS = [
    "RUN",
    "run",
    "COPY",
    "ADD",
    "ENV",
    "ARG",
    "LABEL",
    "CMD",
    "ONBUILD RUN",
    "ONBUILD COPY",
    "HEALTHCHECK CMD",
    "USER",
]
ENDS = ["", "", "", " \\", "\\ ", "\r", " \\\r"]
INSTRUCTIONS = st.builds(
    lambda keyword, words, end: f"{keyword} {' '.join(words)}{end}",
    st.sampled_from(KEYWORDS),
    st.lists(PIECES, max_size=5),
    st.sampled_from(ENDS),
)
OTHERS = st.sampled_from(
    ["", "# c", "  # d", "EOF", "\tE", "Q", "2", "  continued \\", "body text", "# escape=`", "# syntax=x"]
)
DOCUMENTS = st.lists(INSTRUCTIONS | OTHERS, max_size=12).map(lambda lines: "\n".join(["FROM a", *lines]) + "\n")


@given(DOCUMENTS)
@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_generated_file_is_read_as_buildkit_reads_it(oracle, text):
    answer = oracle.read(text)
    if isinstance(answer, str):
        assert parse(text).problems
        return
    problems = parse(text).problems
    assert all("unknown instruction" in problem.message for problem in problems), problems
    unknown = {problem.line for problem in problems}
    assert [each for each in ours(text) if each[0] != "ONBUILD"] == [
        each for each in theirs(answer) if each[1] not in unknown and each[0] != "ONBUILD"
    ]
