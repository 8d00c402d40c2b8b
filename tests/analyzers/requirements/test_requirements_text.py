from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.requirements import text
from tests.work import cpu_seconds


def names(content: str) -> list[str]:
    return [entry.name for entry in text.read(content).entries]


def test_names_are_normalised_and_lines_kept() -> None:
    found = text.read("# head\nDjango==4.2  # web\n\nPsycopg2_Binary>=2.9; python_version > '3'\n").entries
    assert [(entry.name, entry.specifier, entry.line) for entry in found] == [
        ("django", "==4.2", 2),
        ("psycopg2-binary", ">=2.9", 4),
    ]


def test_a_nested_file_is_an_include_and_a_constraint_is_no_requirement() -> None:
    found = text.read(
        "-r base.txt\n--requirement=more.txt\n-c constraints.txt\n--index-url https://example.test\nflask\n"
    )
    assert [path for path, _ in found.includes] == ["base.txt", "more.txt"]
    assert [entry.name for entry in found.entries] == ["flask"]


def test_hashes_and_continuations_belong_to_their_requirement() -> None:
    assert names("flask==3.0 \\\n    --hash=sha256:abc \\\n    --hash=sha256:def\nredis\n") == ["flask", "redis"]


def test_vcs_and_local_requirements_are_told_apart() -> None:
    found = text.read(
        "git+https://example.test/team/tool.git@main#egg=Tool\n-e ./libs/core[fast]\nlib @ git+https://e.test/l.git\n"
    )
    tool, core, lib = found.entries
    assert (tool.name, tool.vcs) == ("tool", True)
    assert (core.local, core.extras, core.vcs) == ("./libs/core", ("fast",), False)
    assert (lib.name, lib.vcs) == ("lib", True)


def test_a_line_that_is_no_requirement_is_reported_not_fatal() -> None:
    found = text.read("flask\n{{ cookiecutter.package }}\n")
    assert [entry.name for entry in found.entries] == ["flask"]
    assert found.problems[0][0] == 2


@given(st.text(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_without_an_exception(content: str) -> None:
    text.read(content)


@given(st.lists(st.text(alphabet="abAB12.-_[],<>=!~;@#:/+ \\\t'\"", max_size=40), max_size=20))
@settings(max_examples=300, deadline=None)
def test_anything_like_requirement_lines_is_read_without_an_exception(lines: list[str]) -> None:
    text.read("\n".join(lines))


def test_time_grows_with_the_text_only() -> None:
    def seconds(count: int) -> float:
        content = "package[extra]>=1.0; python_version<'4' # why \\\n" * count
        return cpu_seconds(lambda: text.read(content))

    assert seconds(8_000) < 40 * max(seconds(800), 0.01)
