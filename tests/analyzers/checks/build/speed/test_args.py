import pytest

from analyzers.results import Verdict
from tests import builders as make

ID = "build.speed.args"
FILES = {"requirements.txt": "flask\n", "web/main.ts": "const url = import.meta.env.SHOP_URL\n", "app.py": "1\n"}
DIGEST = "sha256:" + "a" * 64
APT = "RUN apt-get update && apt-get install -y jq"


def judged(tmp_path, *lines: str):
    return make.judge(ID, tmp_path, "\n".join(lines) + "\n", FILES)


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        (["ARG V=3.12", "FROM python:${V}-slim"], Verdict.PASS),
        (["FROM python:3.12-slim", "ARG POETRY_VERSION=1.8", "RUN pip install poetry==$POETRY_VERSION"], Verdict.PASS),
        (["FROM python:3.12-slim", "ARG TARGETARCH", "RUN fetch tool-$TARGETARCH"], Verdict.PASS),
        (["FROM python:3.12-slim", "ARG PIP_INDEX_URL", "RUN pip install flask"], Verdict.PASS),
        (["FROM node:22", "ARG VITE_API_URL", "RUN npm run build"], Verdict.PASS),
        (["FROM node:22", "COPY web web", "ARG SHOP_URL", "RUN make site"], Verdict.PASS),
        (["FROM python:3.12-slim"], Verdict.PARTIAL),
        (["FROM python:3.12-slim", "ARG DEBIAN_FRONTEND=noninteractive", APT], Verdict.PARTIAL),
        (["FROM python:3.12-slim", "ARG UNUSED_THING=1", "RUN mkdir /srv"], Verdict.PARTIAL),
        (["ARG UNUSED_THING=1", "FROM python:3.12-slim"], Verdict.PARTIAL),
        (["FROM python:3.12-slim", "ARG APP_ENV=prod", APT, "ENV APP_ENV=$APP_ENV"], Verdict.PARTIAL),
        (["FROM --platform=$BUILDPLATFORM python:3.12-slim"], Verdict.PARTIAL),
        ([f"FROM python@{DIGEST}"], Verdict.NOT_APPLICABLE),
        (["FROM scratch"], Verdict.NOT_APPLICABLE),
    ],
)
def test_what_arguments_do_decides(tmp_path, lines, verdict):
    result = judged(tmp_path, *lines)
    assert result.verdict is verdict, result.summary


@pytest.mark.parametrize(
    ("line", "fails"),
    [
        ("ARG NPM_TOKEN", True),
        ('ARG NPM_TOKEN=""', True),
        ("ENV SECRET_KEY=8f3aba466a471c0ab903dbd7cb97", True),
        ("ENV DB_PASSWORD=$DB_PASSWORD", True),
        ("ENV SECRET_KEY=build-time-dummy", False),
        ("ENV SECRET_KEY=", False),
        ("ENV DB_PASSWORD_FILE=/run/secrets/db", False),
        ("ENV GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D", False),
        ("ENV MAX_TOKENS=4096", False),
        ("ARG NEXT_PUBLIC_API_KEY", False),
        ("ARG STRIPE_PUBLISHABLE_KEY", False),
    ],
)
def test_secrets_fail_and_dummies_do_not(tmp_path, line, fails):
    result = judged(tmp_path, "FROM python:3.12-slim", line)
    assert (result.verdict is Verdict.FAIL) is fails, result.summary
    assert ("--mount=type=secret" in result.fix.text) is fails


def test_a_builder_for_the_build_platform_counts_as_an_argument(tmp_path):
    lines = ("FROM --platform=$BUILDPLATFORM node:22 AS web", "FROM nginx:1.28", "COPY --from=web /dist /dist")
    assert judged(tmp_path, *lines).verdict is Verdict.PASS


def test_arguments_of_unreached_stages_do_not_count(tmp_path):
    lines = ("FROM python:3.12-slim AS docs", "ARG DOCS_TOKEN", "FROM python:3.12-slim")
    assert judged(tmp_path, *lines).verdict is Verdict.PARTIAL


def test_a_stage_built_on_the_declaring_one_may_read_it(tmp_path):
    lines = ("FROM python:3.12-slim AS base", "ARG APP_ENV=prod", "FROM base", "RUN echo $APP_ENV")
    assert judged(tmp_path, *lines).verdict is Verdict.PASS


def test_a_build_argument_that_no_arg_takes_is_mentioned(tmp_path):
    files = {"build.sh": "#!/bin/sh\ndocker build --build-arg REGION=eu .\n"}
    result = make.judge(ID, tmp_path, "ARG V=3.12\nFROM python:$V-slim\n", files)
    assert result.verdict is Verdict.PASS
    assert any("`REGION`" in finding.message for finding in result.findings)
