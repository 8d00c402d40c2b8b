"""Time by size: four times the input may take at most eight times as long, whatever the file is made of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analyzers.artifacts.target import Target
from analyzers.dockerfile.expand import expand
from analyzers.dockerfile.parser import parse
from analyzers.dockerfile.stages import plan
from tests.work import cpu_seconds

SMALL = 700
SHAPES = {
    "continuations": lambda n: "FROM a\nRUN b" + " \\\n c" * n,
    "comments in a continuation": lambda n: "FROM a\nRUN b \\\n" + "# c\n" * n,
    "blank lines": lambda n: "FROM a\n" + "\n" * n,
    "comments": lambda n: "# a\n" * n + "FROM a\n",
    "pairs": lambda n: "FROM a\nENV" + ' a="b"' * n,
    "flags": lambda n: "FROM a\nRUN" + ' --x="y"' * n + " z",
    "mounts": lambda n: "FROM a\n" + "RUN --mount=from=b,target=/c d\n" * (n // 8),
    "brackets": lambda n: "FROM a\nRUN " + "[" * n,
    "variables": lambda n: "FROM a\nUSER " + "${a:-" * n,
    "quotes": lambda n: "FROM a\nRUN " + "'a' " * n + "<<E",
    "openers": lambda n: "FROM a\nRUN " + "<<E " * n + "\n" + "E\n" * n,
    "spaced openers": lambda n: "FROM a\nRUN " + "<< E " * n + "\n" + "#\n" * n,
    "unterminated": lambda n: "FROM a\n" + "RUN <<E\n" * n,
    "heredoc body": lambda n: "FROM a\nRUN <<-E\n" + "\tx\n" * n + "E\n",
    "template braces": lambda n: "FROM a\nRUN " + "{{ a" * n,
    "open class": lambda n: "FROM a\nRUN " + "{{ a " + "b" * n,
    "stages": lambda n: "".join(f"FROM {'x' + str(i - 1) if i else 'a'} AS x{i}\n" for i in range(n // 8)),
    "arguments": lambda n: "".join(f"ARG a{i}=$a{i - 1}\n" for i in range(n // 8)) + "FROM a\n",
    "copies and scripts": lambda n: "FROM a\n" + "COPY a b\nRUN ./c\n" * (n // 16),
    "folders": lambda n: "FROM a\n" + "WORKDIR b\n" * (n // 8),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_reading_and_planning_are_linear(shape):
    def read(size: int) -> Callable[[], object]:
        text = SHAPES[shape](size)
        return lambda: plan(parse(text), Target("Dockerfile"))

    assert cpu_seconds(read(4 * SMALL)) < 8 * max(cpu_seconds(read(SMALL)), 0.002)


@pytest.mark.parametrize(
    "piece", ["$a", "${a}", "${b:-c}", "${a#*x}", "${a//x/y}", "\\$", "'a'", '"$a"', "${", "${b:-"]
)
def test_expanding_is_linear(piece):
    def work(size: int) -> Callable[[], object]:
        return lambda: expand(piece * size, {"a": "xy"})

    assert cpu_seconds(work(8_000)) < 8 * max(cpu_seconds(work(2_000)), 0.002)
