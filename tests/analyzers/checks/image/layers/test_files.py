import pytest

from analyzers.results import Verdict
from tests import builders as make

ID = "image.layers.files"
FILES = {"requirements.txt": "flask\n", "app/main.py": "print()\n", "package.json": "{}\n"}


def judged(tmp_path, *lines: str, base: str = "python:3.12-slim"):
    return make.judge(ID, tmp_path, "\n".join([f"FROM {base}", *lines]) + "\n", FILES)


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (
            "RUN apt-get update && apt-get install -y --no-install-recommends jq && rm -rf /var/lib/apt/lists/*",
            Verdict.PASS,
        ),
        ("RUN apt-get update && apt-get install -y jq && rm -rf /var/lib/apt/lists/*", Verdict.PARTIAL),
        ("RUN apt-get update && apt-get install -y --no-install-recommends jq", Verdict.FAIL),
        ("RUN apt-get update && apt-get install -y --no-install-recommends jq && apt-get clean", Verdict.FAIL),
        (
            "RUN --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get update"
            " && apt-get install -y --no-install-recommends jq",
            Verdict.PASS,
        ),
        ("RUN pip install flask", Verdict.FAIL),
        ("RUN pip install --no-cache-dir flask", Verdict.PASS),
        ("RUN pip install --no-cache flask", Verdict.PASS),
        ("RUN PIP_NO_CACHE_DIR=1 pip install flask", Verdict.PASS),
        ("RUN --mount=type=cache,target=/root/.cache/pip pip install flask", Verdict.PASS),
        ("RUN --mount=type=cache,target=/var/cache/pip pip install flask", Verdict.FAIL),
        ("RUN pip install --upgrade pip", Verdict.PARTIAL),
        ("RUN uv pip install --system flask", Verdict.FAIL),
        ("RUN uv pip install --system --no-cache flask", Verdict.PASS),
        ("RUN npm ci", Verdict.PARTIAL),
    ],
)
def test_what_an_install_leaves_decides(tmp_path, line, verdict):
    result = judged(tmp_path, line)
    assert result.verdict is verdict, result.summary


@pytest.mark.parametrize(
    ("base", "line", "verdict"),
    [
        ("alpine:3.22", "RUN apk add --no-cache jq", Verdict.PASS),
        ("alpine:3.22", "RUN apk add jq", Verdict.PARTIAL),
        ("fedora:43", "RUN dnf install -y jq && dnf clean all", Verdict.PASS),
        ("fedora:43", "RUN dnf install -y jq", Verdict.PARTIAL),
    ],
)
def test_other_distributions_are_partial_at_worst(tmp_path, base, line, verdict):
    assert judged(tmp_path, line, base=base).verdict is verdict


def test_the_environment_can_switch_the_cache_off(tmp_path):
    assert judged(tmp_path, "ENV PIP_NO_CACHE_DIR=1", "RUN pip install flask").verdict is Verdict.PASS


def test_a_here_document_is_a_script_of_several_commands(tmp_path):
    script = (
        "RUN <<EOF\napt-get update\napt-get install -y --no-install-recommends jq\nrm -rf /var/lib/apt/lists/*\nEOF"
    )
    assert judged(tmp_path, script).verdict is Verdict.PASS


def test_removing_in_a_later_layer_fails(tmp_path):
    result = judged(tmp_path, "COPY . /srv", "RUN rm -rf /srv/tests")
    assert result.verdict is Verdict.FAIL
    assert "line 2 added" in result.summary


def test_removing_a_download_in_a_later_layer_fails(tmp_path):
    lines = ("RUN curl -o /tmp/tool.tgz https://example.org/tool.tgz", "RUN rm /tmp/tool.tgz")
    assert judged(tmp_path, *lines).verdict is Verdict.FAIL


def test_removing_in_the_same_layer_passes(tmp_path):
    line = "RUN curl -o /tmp/tool.tgz https://example.org/tool.tgz && tar -xf /tmp/tool.tgz && rm /tmp/tool.tgz"
    assert judged(tmp_path, line).verdict is Verdict.PASS


def test_removing_what_was_not_added_by_name_passes(tmp_path):
    assert judged(tmp_path, "COPY app /", "RUN rm -rf /usr/share/doc").verdict is Verdict.PASS


def test_a_recursive_chown_of_copied_files_is_partial(tmp_path):
    result = judged(tmp_path, "COPY . /srv", "RUN chown -R worker /srv")
    assert result.verdict is Verdict.PARTIAL
    assert "COPY --chown" in result.summary


def test_a_chmod_of_one_file_passes(tmp_path):
    assert judged(tmp_path, "COPY . /srv", "RUN chmod +x /srv/app/main.py").verdict is Verdict.PASS


def test_wheels_that_stay_are_partial(tmp_path):
    text = """
        FROM python:3.12 AS builder
        RUN pip wheel --no-cache-dir -w /wheels flask
        FROM python:3.12-slim
        COPY --from=builder /wheels /wheels
        RUN pip install --no-cache-dir --no-index /wheels/*
    """
    assert make.judge(ID, tmp_path, text).verdict is Verdict.PARTIAL


def test_what_a_builder_leaves_does_not_count(tmp_path):
    text = """
        FROM python:3.12 AS builder
        RUN pip install --target /deps flask
        FROM python:3.12-slim
        COPY --from=builder /deps /deps
    """
    assert make.judge(ID, tmp_path, text).verdict is Verdict.PASS


def test_a_run_that_cannot_be_read_is_unknown_unless_something_fails(tmp_path):
    unread = "RUN curl -s https://example.org/setup.sh | sh"
    assert judged(tmp_path, unread).verdict is Verdict.UNKNOWN
    assert judged(tmp_path, unread, "RUN pip install flask").verdict is Verdict.FAIL


def test_a_chown_of_several_copied_paths_is_one_finding(tmp_path):
    result = judged(tmp_path, "COPY . /srv", "RUN chown -R worker /srv/app /srv/media")
    assert len(result.findings) == 1
