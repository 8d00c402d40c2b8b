from analyzers.results import Verdict
from tests import builders as make

ID = "build.speed.parallel"
FILES = {"requirements.txt": "flask\n", "package.json": "{}\n", "app/main.py": "1\n"}
WEB = """
        FROM node:22 AS web
        COPY package.json .
        RUN npm ci
        RUN npm run build
"""


def verdict(tmp_path, text: str) -> Verdict:
    return make.judge(ID, tmp_path, text, FILES).verdict


def test_two_kinds_in_independent_stages_pass(tmp_path):
    text = (
        WEB
        + """
        FROM python:3.12-slim
        COPY requirements.txt .
        RUN pip install -r requirements.txt
        COPY --from=web /dist /dist
    """
    )
    result = make.judge(ID, tmp_path, text, FILES)
    assert result.verdict is Verdict.PASS
    assert "the Python dependencies" in result.summary


def test_an_install_below_the_copied_result_waits_for_it(tmp_path):
    text = (
        WEB
        + """
        FROM python:3.12-slim
        COPY --from=web /dist /dist
        COPY requirements.txt .
        RUN pip install -r requirements.txt
    """
    )
    assert verdict(tmp_path, text) is Verdict.FAIL


def test_a_stage_built_on_the_other_waits_for_it(tmp_path):
    text = (
        WEB
        + """
        FROM web
        COPY requirements.txt .
        RUN pip install -r requirements.txt
    """
    )
    assert verdict(tmp_path, text) is Verdict.FAIL


def test_two_kinds_in_one_stage_fail(tmp_path):
    text = """
        FROM python:3.12
        COPY requirements.txt .
        RUN pip install -r requirements.txt
        RUN npm run build
    """
    assert verdict(tmp_path, text) is Verdict.FAIL


def test_one_kind_does_not_apply(tmp_path):
    text = """
        FROM python:3.12-slim
        RUN apt-get update && apt-get install -y libpq5
        COPY requirements.txt .
        RUN pip install -r requirements.txt
    """
    assert verdict(tmp_path, text) is Verdict.NOT_APPLICABLE


def test_a_compiled_component_is_a_kind(tmp_path):
    text = """
        FROM rust:1.90 AS engine
        RUN cargo build --release
        FROM python:3.12-slim
        COPY requirements.txt .
        RUN pip install -r requirements.txt
        COPY --from=engine /target/release/engine /bin/
    """
    assert verdict(tmp_path, text) is Verdict.PASS


def test_an_unread_run_beside_one_kind_is_unknown(tmp_path):
    text = """
        FROM python:3.12
        COPY requirements.txt .
        RUN pip install -r requirements.txt
        RUN curl -s https://example.org/setup.sh | sh
    """
    assert verdict(tmp_path, text) is Verdict.UNKNOWN
