import pytest

from analyzers.results import Verdict
from tests import builders as make

ID = "image.size.builddeps"
DEV = """
    [project]
    name = "shop"
    version = "1"
    dependencies = ["flask"]
    [dependency-groups]
    dev = ["pytest"]
"""
FILES = {"pyproject.toml": DEV, "uv.lock": "version = 1\n", "requirements.txt": "flask\n", "app.py": "1\n"}


def judged(tmp_path, *lines: str, base: str = "python:3.12-slim", files=None):
    return make.judge(ID, tmp_path, "\n".join([f"FROM {base}", *lines]) + "\n", files or FILES)


@pytest.mark.parametrize(
    ("packages", "verdict"),
    [
        ("libpq5 netcat-openbsd", Verdict.PASS),
        ("build-essential", Verdict.FAIL),
        ("gcc libpq-dev", Verdict.FAIL),
        ("g++-12", Verdict.FAIL),
        ("libpq-dev", Verdict.PARTIAL),
        ("git", Verdict.PARTIAL),
    ],
)
def test_installed_packages_decide(tmp_path, packages, verdict):
    assert judged(tmp_path, f"RUN apt-get update && apt-get install -y {packages}").verdict is verdict


def test_a_compiler_that_the_same_run_removes_again_passes(tmp_path):
    apk = "RUN apk add --no-cache --virtual .build-deps gcc musl-dev && pip install flask && apk del .build-deps"
    assert judged(tmp_path, apk, base="python:3.12-alpine").verdict is Verdict.PASS
    apt = "RUN apt-get update && apt-get install -y gcc && pip install flask && apt-get purge -y --auto-remove gcc"
    assert judged(tmp_path, apt).verdict is Verdict.PASS


def test_git_for_a_requirement_that_is_fetched_by_it_passes(tmp_path):
    files = {"requirements.txt": "shop @ git+https://example.org/shop.git\n"}
    lines = (
        "RUN apt-get update && apt-get install -y git",
        "COPY requirements.txt .",
        "RUN pip install -r requirements.txt",
    )
    assert judged(tmp_path, *lines, files=files).verdict is Verdict.PASS


def test_the_dev_group_that_uv_installs_by_default_fails(tmp_path):
    lines = ("COPY pyproject.toml uv.lock ./", "RUN uv sync --frozen")
    result = judged(tmp_path, *lines)
    assert result.verdict is Verdict.FAIL
    assert "RUN uv sync --frozen --no-dev" in result.fix.text
    assert judged(tmp_path, lines[0], "RUN uv sync --frozen --no-dev").verdict is Verdict.PASS


def test_a_named_test_tool_fails(tmp_path):
    assert judged(tmp_path, "RUN pip install --no-cache-dir pytest==8.0").verdict is Verdict.FAIL


def test_a_builder_stage_may_compile(tmp_path):
    text = """
        FROM python:3.12-slim AS builder
        RUN apt-get update && apt-get install -y gcc && pip wheel -w /wheels flask
        FROM python:3.12-slim
        COPY --from=builder /wheels /wheels
    """
    assert make.judge(ID, tmp_path, text).verdict is Verdict.PASS


def test_a_copied_environment_brings_its_dev_group(tmp_path):
    text = """
        FROM python:3.12-slim AS builder
        WORKDIR /srv
        COPY pyproject.toml uv.lock ./
        RUN uv sync --frozen
        FROM python:3.12-slim
        COPY --from=builder /srv/.venv /srv/.venv
    """
    result = make.judge(ID, tmp_path, text, FILES)
    assert result.verdict is Verdict.FAIL
    assert "line 6 copies into it" in result.summary


def test_a_left_installer_is_only_mentioned(tmp_path):
    lines = ("COPY --from=ghcr.io/astral-sh/uv:0.9.2 /uv /bin/", "RUN pip install --no-cache-dir --upgrade pip")
    result = judged(tmp_path, *lines)
    assert result.verdict is Verdict.PASS
    assert len(result.findings) == 2


def test_a_run_that_cannot_be_read_is_unknown(tmp_path):
    assert judged(tmp_path, "RUN curl -s https://example.org/setup.sh | sh").verdict is Verdict.UNKNOWN
