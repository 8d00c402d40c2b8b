import pytest

from analyzers.artifacts.deployment import HealthProbe
from analyzers.checks.image.base.appropriate import appropriate
from analyzers.results import Verdict
from tests import builders as make

ID = "image.base.appropriate"


@pytest.mark.parametrize(
    ("image", "verdict"),
    [
        ("python:3.12-slim", Verdict.PASS),
        ("python:3.12.4-slim-bookworm", Verdict.PASS),
        ("python:3.12-alpine3.20", Verdict.PASS),
        ("gcr.io/distroless/python3-debian12", Verdict.PASS),
        ("cgr.dev/chainguard/python:latest", Verdict.PASS),
        ("registry.access.redhat.com/ubi9/ubi-minimal:9.4", Verdict.PASS),
        ("busybox:1.36", Verdict.PASS),
        ("scratch", Verdict.PASS),
        ("nvidia/cuda:12.4.1-runtime-ubuntu22.04", Verdict.PASS),
        ("ghcr.io/acme/base:2.1-slim", Verdict.PASS),
        ("debian:12", Verdict.PARTIAL),
        ("ubuntu:24.04", Verdict.PARTIAL),
        ("amazonlinux:2023", Verdict.PARTIAL),
        ("ghcr.io/acme/base:2.1", Verdict.PARTIAL),
        ("python:3.12", Verdict.FAIL),
        ("python:3.12-bookworm", Verdict.FAIL),
        ("node:22", Verdict.FAIL),
        ("openjdk:17", Verdict.FAIL),
        ("buildpack-deps:bookworm", Verdict.FAIL),
        ("nvidia/cuda:12.4.1-devel-ubuntu22.04", Verdict.FAIL),
        ("tiangolo/uvicorn-gunicorn-fastapi:python3.11", Verdict.FAIL),
    ],
)
def test_the_base_s_variant_decides(tmp_path, image, verdict):
    assert make.judge(ID, tmp_path, f"FROM {image}\n").verdict is verdict


def test_a_full_image_in_a_builder_stage_is_fine(tmp_path):
    text = """
        FROM python:3.12 AS builder
        RUN pip wheel -w /wheels flask
        FROM python:3.12-slim
        COPY --from=builder /wheels /wheels
    """
    assert make.judge(ID, tmp_path, text).verdict is Verdict.PASS


def test_the_base_at_the_bottom_of_the_chain_decides(tmp_path):
    text = """
        FROM python:3.12 AS base
        FROM base AS final
    """
    result = make.judge(ID, tmp_path, text)
    assert (result.verdict, result.findings[0].line) == (Verdict.FAIL, 1)


def test_an_argument_is_expanded_with_its_default(tmp_path):
    text = """
        ARG VARIANT=3.12-slim
        FROM python:${VARIANT}
    """
    assert make.judge(ID, tmp_path, text).verdict is Verdict.PASS


def test_an_argument_without_a_value_is_unknown(tmp_path):
    result = make.judge(ID, tmp_path, "ARG BASE\nFROM ${BASE}\n")
    assert result.verdict is Verdict.UNKNOWN
    assert "${BASE}" in result.summary


def test_the_fix_names_the_slim_image_and_what_would_break(tmp_path):
    text = """
        FROM python:3.12-bookworm
        HEALTHCHECK CMD curl -f http://localhost:8000/ || exit 1
    """
    fix = make.judge(ID, tmp_path, text).fix.text
    assert "FROM python:3.12-slim-bookworm" in fix
    assert "`curl` is called by HEALTHCHECK on line 2" in fix


def test_the_fix_knows_the_health_check_of_the_deployment():
    probe = HealthProbe(make.place("compose.yaml", 9), ("CMD", "wget", "-q", "http://localhost/"))
    facts = make.base_facts(variant="full", tools=frozenset({"wget"}))
    services = make.deployment(make.service(health=probe))
    result = appropriate(make.build_plan(), make.bases(facts, name="python:3.12"), services)
    assert "`wget` is called by the health check of service `web`" in result.fix.text
