from analyzers.results import Verdict
from tests import builders as make

ID = "build.cache.dependencies"
FILES = {
    "requirements.txt": "flask\n",
    "package.json": '{"dependencies": {"vite": "1"}}\n',
    "app/main.py": "1\n",
    "web/main.js": "1\n",
    "docker/rootfs/run.sh": "#!/bin/sh\n",
}


def judged(tmp_path, *lines: str, files=None):
    return make.judge(ID, tmp_path, "\n".join(["FROM python:3.12-slim", *lines]) + "\n", files or FILES)


def test_manifests_on_their_own_pass(tmp_path):
    result = judged(tmp_path, "COPY requirements.txt .", "RUN pip install -r requirements.txt", "COPY . .")
    assert result.verdict is Verdict.PASS


def test_a_mounted_manifest_passes(tmp_path):
    mounted = "RUN --mount=type=bind,source=requirements.txt,target=requirements.txt pip install -r requirements.txt"
    assert judged(tmp_path, mounted, "COPY . .").verdict is Verdict.PASS


def test_a_manifest_that_arrives_with_everything_fails_and_the_fix_names_it(tmp_path):
    result = judged(tmp_path, "COPY . /srv/", "RUN pip install -r /srv/requirements.txt")
    assert result.verdict is Verdict.FAIL
    assert "COPY requirements.txt ./" in result.fix.text
    assert "COPY . /srv/" in result.fix.text


def test_a_second_copy_of_the_manifest_does_not_help(tmp_path):
    lines = ("COPY . .", "COPY requirements.txt .", "RUN pip install -r requirements.txt")
    assert judged(tmp_path, *lines).verdict is Verdict.FAIL


def test_some_of_several_installs_are_partial(tmp_path):
    text = """
        FROM node:22 AS web
        COPY . .
        RUN npm install
        FROM python:3.12-slim
        COPY requirements.txt .
        RUN pip install -r requirements.txt
        COPY --from=web /dist /dist
    """
    assert make.judge(ID, tmp_path, text, FILES).verdict is Verdict.PARTIAL


def test_a_manifest_that_drags_sources_along_is_partial(tmp_path):
    assert (
        judged(tmp_path, "COPY requirements.txt app ./", "RUN pip install -r requirements.txt").verdict
        is Verdict.PARTIAL
    )


def test_a_folder_of_the_image_s_own_set_up_is_no_source(tmp_path):
    lines = ("COPY docker/rootfs /", "COPY requirements.txt .", "RUN pip install -r requirements.txt", "COPY app app")
    assert judged(tmp_path, *lines).verdict is Verdict.PASS


def test_a_manifest_from_another_stage_passes(tmp_path):
    text = """
        FROM python:3.12-slim AS locked
        COPY requirements.txt .
        FROM python:3.12-slim
        COPY --from=locked requirements.txt .
        RUN pip install -r requirements.txt
        COPY . .
    """
    assert make.judge(ID, tmp_path, text, FILES).verdict is Verdict.PASS


def test_named_tools_are_no_dependencies(tmp_path):
    assert judged(tmp_path, "COPY . .", "RUN pip install gunicorn").verdict is Verdict.NOT_APPLICABLE


def test_a_run_that_cannot_be_read_is_unknown(tmp_path):
    assert judged(tmp_path, "RUN curl -s https://example.org/setup.sh | sh").verdict is Verdict.UNKNOWN
