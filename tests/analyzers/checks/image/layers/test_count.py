from analyzers.results import Verdict
from tests import builders as make

ID = "image.layers.count"


def verdict(tmp_path, text: str) -> Verdict:
    return make.judge(ID, tmp_path, "FROM python:3.12-slim\n" + text).verdict


def test_a_single_run_passes(tmp_path):
    assert verdict(tmp_path, "RUN mkdir /srv\n") is Verdict.PASS


def test_two_or_three_adjacent_runs_are_partial(tmp_path):
    assert verdict(tmp_path, "RUN mkdir /a\nRUN mkdir /b\n") is Verdict.PARTIAL
    assert verdict(tmp_path, "RUN mkdir /a\nRUN mkdir /b\nRUN mkdir /c\n") is Verdict.PARTIAL


def test_four_adjacent_runs_fail_and_the_fix_merges_them(tmp_path):
    text = "FROM python:3.12-slim\nRUN mkdir /a\nRUN mkdir /b\n# a comment\nENV X=1\nRUN mkdir /c\nRUN mkdir /d\n"
    result = make.judge(ID, tmp_path, text)
    assert result.verdict is Verdict.FAIL
    assert "lines 2, 3, 6 and 7" in result.summary
    assert "RUN mkdir /a \\\n    && mkdir /b" in result.fix.text


def test_a_copy_a_user_and_a_workdir_separate(tmp_path):
    assert verdict(tmp_path, "RUN mkdir /a\nWORKDIR /a\nRUN mkdir b\nUSER app\nRUN mkdir c\n") is Verdict.PASS


def test_an_install_justifies_its_boundary(tmp_path):
    text = """\
RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
RUN pip install --upgrade pip
"""
    assert verdict(tmp_path, text) is Verdict.PASS


def test_a_mount_justifies_its_boundary(tmp_path):
    assert verdict(tmp_path, "RUN mkdir /a\nRUN --mount=type=tmpfs,target=/x ls /x\n") is Verdict.PASS


def test_three_installs_of_one_kind_in_a_row_fail(tmp_path):
    text = "".join(f"RUN apt-get install -y {name}\n" for name in ("curl", "jq", "git"))
    assert verdict(tmp_path, text) is Verdict.FAIL


def test_an_update_alone_fails(tmp_path):
    result = make.judge(ID, tmp_path, "FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\n")
    assert result.verdict is Verdict.FAIL
    assert "apt-get update" in result.summary


def test_runs_of_builder_stages_do_not_count(tmp_path):
    text = """
        FROM python:3.12-slim AS builder
        RUN mkdir /a
        RUN mkdir /b
        FROM python:3.12-slim
        COPY --from=builder /a /a
    """
    assert make.judge(ID, tmp_path, text).verdict is Verdict.PASS


def test_runs_of_the_whole_chain_count(tmp_path):
    text = """
        FROM python:3.12-slim AS base
        RUN mkdir /a
        RUN mkdir /b
        FROM base
    """
    assert make.judge(ID, tmp_path, text).verdict is Verdict.PARTIAL


def test_a_run_that_cannot_be_read_makes_a_sequence_unknown(tmp_path):
    result = make.judge(ID, tmp_path, "FROM debian:12\nRUN mkdir /a\nRUN curl -s https://example.org/install.sh | sh\n")
    assert result.verdict is Verdict.UNKNOWN
