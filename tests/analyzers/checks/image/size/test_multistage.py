from analyzers.results import Verdict
from tests import builders as make

ID = "image.size.multistage"
FILES = {"requirements.txt": "flask\n", "app.py": "1\n"}


def judged(tmp_path, text: str, **target):
    return make.judge(ID, tmp_path, text, FILES, **target)


def test_a_result_from_a_builder_passes(tmp_path):
    text = """
        FROM python:3.12 AS builder
        RUN pip wheel -w /wheels flask
        FROM python:3.12-slim
        COPY --from=builder /wheels /wheels
        RUN pip install --no-index /wheels/*
    """
    assert judged(tmp_path, text).verdict is Verdict.PASS


def test_a_mounted_result_passes(tmp_path):
    text = """
        FROM python:3.12 AS builder
        RUN pip wheel -w /wheels flask
        FROM python:3.12-slim
        RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels pip install --no-index /wheels/*
    """
    assert judged(tmp_path, text).verdict is Verdict.PASS


def test_a_compiler_left_beside_the_result_is_partial(tmp_path):
    text = """
        FROM python:3.12 AS builder
        RUN pip wheel -w /wheels flask
        FROM python:3.12-slim
        RUN apt-get update && apt-get install -y gcc
        COPY --from=builder /wheels /wheels
    """
    assert judged(tmp_path, text).verdict is Verdict.PARTIAL


def test_a_copied_tool_makes_no_multi_stage_build(tmp_path):
    text = """
        FROM ghcr.io/astral-sh/uv:0.9.2 AS uv
        FROM python:3.12-slim
        COPY --from=uv /uv /bin/
        RUN uv pip install --system flask
    """
    assert judged(tmp_path, text).verdict is Verdict.PARTIAL


def test_a_copied_root_is_no_result_and_is_mentioned(tmp_path):
    text = """
        FROM python:3.12 AS builder
        RUN pip install flask
        FROM scratch
        COPY --from=builder / /
    """
    result = judged(tmp_path, text)
    assert result.verdict is not Verdict.PASS
    assert any("whole root" in finding.message for finding in result.findings)


def test_a_production_target_beside_a_development_stage_passes(tmp_path):
    text = """
        FROM python:3.12-slim AS production
        COPY requirements.txt .
        RUN pip install -r requirements.txt
        FROM production AS dev
        RUN pip install pytest
    """
    assert judged(tmp_path, text, stage="production").verdict is Verdict.PASS
    assert judged(tmp_path, text, stage="dev").verdict is Verdict.FAIL


def test_a_single_stage_with_ready_packages_is_partial(tmp_path):
    result = judged(tmp_path, "FROM python:3.12-slim\nCOPY . .\nRUN pip install -r requirements.txt\n")
    assert result.verdict is Verdict.PARTIAL
    assert "FROM python:3.12-slim AS builder" in result.fix.text


def test_a_single_stage_that_builds_fails(tmp_path):
    assert judged(tmp_path, "FROM python:3.12-slim\nRUN apt-get install -y build-essential\n").verdict is Verdict.FAIL
    assert judged(tmp_path, "FROM node:22\nCOPY . .\nRUN npm run build\n").verdict is Verdict.FAIL
    assert judged(tmp_path, "FROM python:3.12-slim\nRUN pip install pytest\n").verdict is Verdict.FAIL


def test_a_stage_that_only_copies_ready_files_does_not_apply(tmp_path):
    assert judged(tmp_path, "FROM nginx:1.28\nCOPY app.py /srv/\n").verdict is Verdict.NOT_APPLICABLE


def test_a_run_that_cannot_be_read_is_unknown(tmp_path):
    text = "FROM python:3.12-slim\nRUN curl -s https://example.org/setup.sh | sh\n"
    assert judged(tmp_path, text).verdict is Verdict.UNKNOWN


def test_a_stage_that_fails_is_not_also_called_harmless(tmp_path):
    result = judged(tmp_path, "FROM python:3.12-slim\nRUN apt-get install -y build-essential\n")
    assert [finding.message for finding in result.findings] == [
        "a single stage installs build tools (`build-essential`)"
    ]
