from analyzers.results import Verdict
from tests import builders as make

ID = "image.layers.order"
FILES = {"requirements.txt": "flask\n", "app/main.py": "print()\n", "docs/guide.md": "text\n"}
APT = "RUN apt-get update && apt-get install -y libpq5 && rm -rf /var/lib/apt/lists/*"


def judged(tmp_path, *lines: str, files=None):
    return make.judge(ID, tmp_path, "\n".join(["FROM python:3.12-slim", *lines]) + "\n", files or FILES)


def test_packages_then_dependencies_then_source_passes(tmp_path):
    result = judged(tmp_path, APT, "COPY requirements.txt .", "RUN pip install -r requirements.txt", "COPY . .")
    assert result.verdict is Verdict.PASS


def test_a_source_copy_above_the_dependencies_fails(tmp_path):
    result = judged(tmp_path, "COPY . .", "RUN pip install -r requirements.txt")
    assert result.verdict is Verdict.FAIL
    assert "line 2" in result.summary
    assert "COPY requirements.txt ./" in result.fix.text


def test_a_source_copy_above_system_packages_fails(tmp_path):
    assert judged(tmp_path, "COPY app app", APT).verdict is Verdict.FAIL


def test_a_folder_without_code_is_only_mentioned(tmp_path):
    result = judged(tmp_path, "COPY docs docs", APT)
    assert result.verdict is Verdict.PASS
    assert "no code" in result.findings[0].message


def test_a_manifest_above_system_packages_is_partial(tmp_path):
    result = judged(tmp_path, "COPY requirements.txt .", APT, "RUN pip install -r requirements.txt")
    assert result.verdict is Verdict.PARTIAL


def test_a_run_that_installs_both_may_stand_below_the_manifest(tmp_path):
    both = "RUN apt-get update && apt-get install -y libpq5 && pip install -r requirements.txt"
    assert judged(tmp_path, "COPY requirements.txt .", both).verdict is Verdict.PASS


def test_volatile_metadata_above_slow_steps_is_partial(tmp_path):
    assert judged(tmp_path, "ARG GIT_SHA", APT).verdict is Verdict.PARTIAL
    assert judged(tmp_path, 'LABEL org.opencontainers.image.revision="x"', APT).verdict is Verdict.PARTIAL


def test_a_version_that_the_install_reads_is_not_volatile(tmp_path):
    assert judged(tmp_path, "ARG POETRY_VERSION=1.8", APT).verdict is Verdict.PASS
    assert (
        judged(tmp_path, "ARG VERSION=1", "RUN apt-get update && apt-get install -y x=$VERSION").verdict is Verdict.PASS
    )


def test_builder_stages_count(tmp_path):
    text = """
        FROM python:3.12-slim AS builder
        COPY . .
        RUN pip wheel -w /wheels -r requirements.txt
        FROM python:3.12-slim
        COPY --from=builder /wheels /wheels
    """
    assert make.judge(ID, tmp_path, text, FILES).verdict is Verdict.FAIL


def test_installing_the_project_itself_may_come_last(tmp_path):
    files = {
        "pyproject.toml": "[project]\nname='shop'\nversion='1'\n",
        "uv.lock": "version = 1\n",
        "app/main.py": "1\n",
    }
    lines = (
        "COPY pyproject.toml uv.lock ./",
        "RUN uv sync --frozen --no-install-project",
        "COPY . .",
        "RUN uv sync --frozen",
    )
    assert judged(tmp_path, *lines, files=files).verdict is Verdict.PASS


def test_a_run_after_the_sources_that_cannot_be_read_is_unknown(tmp_path):
    result = judged(tmp_path, "COPY . .", "RUN curl -s https://example.org/setup.sh | sh")
    assert result.verdict is Verdict.UNKNOWN


def test_a_workspace_member_that_the_manifest_names_is_partial(tmp_path):
    files = {
        "pyproject.toml": """
            [project]
            name = "shop"
            version = "1"
            dependencies = ["core"]
            [tool.uv.sources]
            core = { path = "libs/core" }
        """,
        "uv.lock": "version = 1\n",
        "libs/core/pyproject.toml": "[project]\nname = 'core'\nversion = '1'\n",
        "libs/core/core.py": "1\n",
        "app/main.py": "1\n",
    }
    lines = (
        "COPY pyproject.toml uv.lock ./",
        "COPY libs/core libs/core",
        "RUN uv sync --frozen --no-install-project",
        "COPY app app",
    )
    assert judged(tmp_path, *lines, files=files).verdict is Verdict.PARTIAL
