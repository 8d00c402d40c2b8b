import pytest

from analyzers.results import Verdict
from tests import builders as make

ID = "image.base.pinned"
DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("image", "verdict"),
    [
        ("python:3.11-slim", Verdict.PASS),
        ("ubuntu:22.04", Verdict.PASS),
        ("debian:bookworm-20240812-slim", Verdict.PASS),
        (f"python@{DIGEST}", Verdict.PASS),
        (f"python:latest@{DIGEST}", Verdict.PASS),
        ("ghcr.io/astral-sh/uv:0.9.2", Verdict.PASS),
        ("mcr.microsoft.com/playwright/python:v1.44.0-jammy", Verdict.PASS),
        ("tiangolo/uvicorn-gunicorn:python3.9-slim-2024-11-02", Verdict.PASS),
        ("scratch", Verdict.PASS),
        ("python:3", Verdict.PARTIAL),
        ("debian:12-slim", Verdict.PARTIAL),
        ("ubuntu:jammy", Verdict.PARTIAL),
        ("node:22-alpine3.19", Verdict.PARTIAL),
        ("oven/bun:1", Verdict.PARTIAL),
        ("tiangolo/uvicorn-gunicorn-fastapi:python3.9-slim", Verdict.PARTIAL),
        ("ghcr.io/astral-sh/uv:python3.12-bookworm-slim", Verdict.PARTIAL),
        ("python", Verdict.FAIL),
        ("python:latest", Verdict.FAIL),
        ("python:slim", Verdict.FAIL),
        ("nginx:stable-alpine", Verdict.FAIL),
        ("alpine:edge", Verdict.FAIL),
        ("node:lts-alpine3.19", Verdict.FAIL),
        ("ghcr.io/acme/base:main", Verdict.FAIL),
    ],
)
def test_the_tag_decides(tmp_path, image, verdict):
    assert make.judge(ID, tmp_path, f"FROM {image}\n").verdict is verdict


def test_the_worst_image_decides_and_copied_ones_count(tmp_path):
    text = """
        FROM python:3.12-slim
        COPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/uv
    """
    result = make.judge(ID, tmp_path, text)
    assert result.verdict is Verdict.FAIL
    assert result.findings[0].line == 2
    assert "COPY --from=ghcr.io/astral-sh/uv:latest@sha256:" in result.fix.text


def test_an_image_that_is_only_mounted_counts(tmp_path):
    text = """
        FROM python:3.12-slim
        RUN --mount=from=ghcr.io/astral-sh/uv,source=/uv,target=/bin/uv uv --version
    """
    assert make.judge(ID, tmp_path, text).verdict is Verdict.FAIL


def test_an_unreached_stage_and_the_syntax_line_do_not_count(tmp_path):
    text = """
        # syntax=docker/dockerfile:1
        FROM node:latest AS docs
        FROM python:3.12-slim
    """
    assert make.judge(ID, tmp_path, text).verdict is Verdict.PASS


def test_an_open_argument_is_unknown_unless_another_image_fails(tmp_path):
    assert make.judge(ID, tmp_path, "ARG TAG\nFROM python:${TAG}\n").verdict is Verdict.UNKNOWN
    text = """
        ARG TAG
        FROM node AS assets
        FROM python:${TAG}
        COPY --from=assets /dist /dist
    """
    assert make.judge(ID, tmp_path, text).verdict is Verdict.FAIL
