from analyzers.artifacts.bases import Bases
from tests import builders as make


def test_the_final_base_is_the_one_below_the_chain(tmp_path):
    text = "FROM node:22 AS web\nFROM python:3.12-slim AS base\nFROM base\nCOPY --from=web /dist /dist\n"
    found = make.lint(tmp_path, text).get(Bases)
    assert isinstance(found, Bases)
    assert found.final is not None
    assert found.final.image.name == "python:3.12-slim"
    assert [base.image.name for base in found.all] == ["node:22", "python:3.12-slim"]


def test_scratch_and_an_open_argument_are_told_apart(tmp_path):
    scratch = make.lint(tmp_path / "a", "FROM scratch\n").get(Bases)
    unresolved = make.lint(tmp_path / "b", "ARG B\nFROM $B\n").get(Bases)
    assert isinstance(scratch, Bases)
    assert isinstance(unresolved, Bases)
    assert (scratch.final, scratch.final_scratch) == (None, True)
    assert (unresolved.final, unresolved.final_scratch) == (None, False)
