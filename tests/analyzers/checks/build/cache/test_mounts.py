import pytest

from analyzers.results import Verdict
from tests import builders as make

ID = "build.cache.mounts"
FILES = {"requirements.txt": "flask\n"}
PIP = "--mount=type=cache,target=/root/.cache/pip"
APT = "--mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked"


def judged(tmp_path, *lines: str, base: str = "python:3.12-slim"):
    return make.judge(ID, tmp_path, "\n".join([f"FROM {base}", *lines]) + "\n", FILES)


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        ([f"RUN {PIP} pip install flask"], Verdict.PASS),
        (["RUN pip install flask"], Verdict.FAIL),
        (["RUN pip install --upgrade pip"], Verdict.FAIL),
        ([f"RUN {PIP} pip install flask", "RUN apt-get update && apt-get install -y jq"], Verdict.PARTIAL),
        ([f"RUN {PIP} pip install --no-cache-dir flask"], Verdict.PARTIAL),
        (["ENV PIP_NO_CACHE_DIR=1", f"RUN {PIP} pip install flask"], Verdict.PARTIAL),
        (["RUN --mount=type=cache,target=/var/pip pip install flask"], Verdict.PARTIAL),
        (["RUN --mount=type=cache,target=/root/.cache/pipp pip install flask"], Verdict.PARTIAL),
        ([f"RUN {APT} apt-get update && apt-get install -y jq"], Verdict.PARTIAL),
        (
            [
                "RUN rm -f /etc/apt/apt.conf.d/docker-clean",
                f"RUN {APT} apt-get update && apt-get install -y jq",
            ],
            Verdict.PASS,
        ),
        (
            [
                "RUN rm -f /etc/apt/apt.conf.d/docker-clean",
                f"RUN {APT.replace(',sharing=locked', '')} apt-get update && apt-get install -y jq",
            ],
            Verdict.PARTIAL,
        ),
        (["RUN apt-get update"], Verdict.NOT_APPLICABLE),
        (["RUN pip install --no-index /wheels/*.whl"], Verdict.NOT_APPLICABLE),
        (["RUN mkdir /srv"], Verdict.NOT_APPLICABLE),
    ],
)
def test_each_download_needs_a_working_mount(tmp_path, lines, verdict):
    result = judged(tmp_path, *lines)
    assert result.verdict is verdict, result.summary


def test_the_user_s_own_cache_path_is_needed(tmp_path):
    assert (
        judged(tmp_path, "RUN useradd -d /home/worker worker", "USER worker", f"RUN {PIP} pip install flask").verdict
        is not Verdict.PASS
    )


def test_builder_stages_count(tmp_path):
    text = """
        FROM python:3.12 AS builder
        RUN pip wheel -w /wheels flask
        FROM python:3.12-slim
        COPY --from=builder /wheels /wheels
    """
    assert make.judge(ID, tmp_path, text).verdict is Verdict.FAIL


def test_the_fix_shows_the_command_with_its_mount_and_without_the_option_that_defeats_it(tmp_path):
    fix = judged(tmp_path, "RUN pip install --no-cache-dir flask").fix.text
    assert "RUN --mount=type=cache,target=/root/.cache/pip \\\n    pip install flask" in fix


def test_a_run_that_cannot_be_read_is_unknown(tmp_path):
    unread = "RUN curl -s https://example.org/setup.sh | sh"
    assert judged(tmp_path, f"RUN {PIP} pip install flask", unread).verdict is Verdict.UNKNOWN
    assert judged(tmp_path, "RUN pip install flask", unread).verdict is Verdict.FAIL
