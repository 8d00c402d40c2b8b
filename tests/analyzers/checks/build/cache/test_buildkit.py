import pytest

from analyzers.artifacts.automation import Automation, ImageBuild
from analyzers.artifacts.missing import Missing
from analyzers.checks.build.cache.buildkit import buildkit
from analyzers.results import Verdict
from tests import builders as make

ID = "build.cache.buildkit"


@pytest.mark.parametrize(
    "text",
    [
        "# syntax=docker/dockerfile:1\nFROM alpine:3.22\n",
        "# syntax = docker/dockerfile:1.4\nFROM alpine:3.22\n",
        "FROM alpine:3.22\nRUN --mount=type=cache,target=/x ls\n",
        "FROM alpine:3.22\nRUN --network=none ls\n",
        "FROM alpine:3.22\nCOPY --link . .\n",
        "FROM alpine:3.22\nCOPY --chmod=755 . .\n",
        "FROM alpine:3.22\nRUN <<EOF\nls\nEOF\n",
        "FROM alpine:3.22\nARG TARGETARCH\nRUN echo $TARGETARCH\n",
        "FROM --platform=$BUILDPLATFORM alpine:3.22\n",
    ],
)
def test_a_buildkit_feature_passes(tmp_path, text):
    assert make.judge(ID, tmp_path, text).verdict is Verdict.PASS


def test_nothing_fails(tmp_path):
    result = make.judge(ID, tmp_path, "FROM alpine:3.22\nCOPY --chown=app . .\nRUN ls\n")
    assert result.verdict is Verdict.FAIL
    assert "nothing that BuildKit offers" in result.summary
    assert "# syntax=docker/dockerfile:1" in result.fix.text


def built(**build: object) -> Automation:
    known = {"path": "ci.yml", "line": 7, "buildx": False, "cache_backend": False, "buildkit_env": ""}
    return Automation((), (), (ImageBuild(**{**known, **build}),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("build", "verdict"),
    [
        ({"buildx": True, "cache_backend": True}, Verdict.PASS),
        ({"buildx": True}, Verdict.PARTIAL),
        ({"buildkit_env": "1"}, Verdict.PARTIAL),
        ({}, Verdict.FAIL),
        ({"buildx": True, "cache_backend": True, "buildkit_env": "0"}, Verdict.FAIL),
    ],
)
def test_how_ci_builds_decides_where_the_dockerfile_asks_for_nothing(build, verdict):
    assert buildkit(make.build_plan(), built(**build)).verdict is verdict


def test_switching_buildkit_off_anywhere_fails_in_spite_of_features(tmp_path):
    files = {"build.sh": "#!/bin/sh\nDOCKER_BUILDKIT=0 docker build .\n"}
    result = make.judge(ID, tmp_path, "# syntax=docker/dockerfile:1\nFROM alpine:3.22\n", files)
    assert result.verdict is Verdict.FAIL
    assert "`build.sh`" in result.fix.text


def test_without_knowledge_of_the_builds_only_a_feature_decides():
    assert buildkit(make.build_plan(), Missing("CI could not be read")).verdict is Verdict.UNKNOWN
