"""Image references."""

from __future__ import annotations

import pytest

from analyzers.dockerfile.names import ImageName, parse_image

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python", ImageName("docker.io", "python")),
        ("python:3.11-slim", ImageName("docker.io", "python", "3.11-slim")),
        ("library/python:3", ImageName("docker.io", "python", "3")),
        ("docker.io/library/python", ImageName("docker.io", "python")),
        ("index.docker.io/library/python", ImageName("docker.io", "python")),
        (
            "tiangolo/uvicorn-gunicorn:python3.9-slim",
            ImageName("docker.io", "tiangolo/uvicorn-gunicorn", "python3.9-slim"),
        ),
        ("ghcr.io/astral-sh/uv:0.5", ImageName("ghcr.io", "astral-sh/uv", "0.5")),
        ("localhost:5000/a/b", ImageName("localhost:5000", "a/b")),
        ("localhost/a", ImageName("localhost", "a")),
        ("registry:5000", ImageName("docker.io", "registry", "5000")),
        (f"a:1@{DIGEST}", ImageName("docker.io", "a", "1", DIGEST)),
        (f"gcr.io/distroless/python3@{DIGEST}", ImageName("gcr.io", "distroless/python3", "", DIGEST)),
    ],
)
def test_a_reference_is_taken_apart(text, expected):
    assert parse_image(text) == expected


@pytest.mark.parametrize(
    "text", ["", "A", "a:", "a:b:c", "a@", "a@sha256:1", "a b", "%%x%%", "$X", "a/", "/a", "a" * 2_000]
)
def test_what_is_no_reference_is_none(text):
    assert parse_image(text) is None
