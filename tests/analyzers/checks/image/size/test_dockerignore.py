from analyzers.results import Verdict
from tests import builders as make

ID = "image.size.dockerignore"
WHOLE = "FROM python:3.12-slim\nCOPY . /srv\n"
COMPLETE = ".git\n**/.venv\n**/venv\n**/node_modules\n**/__pycache__\n**/.env\n"
APP = {"app/main.py": "print()\n"}


def test_nothing_copied_from_the_context_does_not_apply(tmp_path):
    assert make.judge(ID, tmp_path, "FROM python:3.12-slim\n", APP).verdict is Verdict.NOT_APPLICABLE


def test_a_whole_context_copy_without_an_ignore_file_fails_and_the_fix_says_where(tmp_path):
    files = {"api/Dockerfile": WHOLE, "api/main.py": "1\n"}
    result = make.judge(ID, tmp_path, "", files, dockerfile="api/Dockerfile", context="api")
    assert result.verdict is Verdict.FAIL
    assert "`api/.dockerignore`" in result.fix.text


def test_a_complete_ignore_file_passes(tmp_path):
    result = make.judge(ID, tmp_path, WHOLE, {**APP, ".dockerignore": COMPLETE})
    assert result.verdict is Verdict.PASS, result.summary


def test_a_gap_in_the_ignore_file_is_partial_and_the_fix_fills_it(tmp_path):
    result = make.judge(ID, tmp_path, WHOLE, {**APP, ".dockerignore": COMPLETE.replace(".git\n", "")})
    assert result.verdict is Verdict.PARTIAL
    assert "Git history" in result.summary
    assert "```text\n.git\n```" in result.fix.text


def test_copies_by_name_that_take_nothing_unwanted_pass_without_a_file(tmp_path):
    result = make.judge(
        ID, tmp_path, "FROM python:3.12-slim\nCOPY requirements.txt /srv/\n", {"requirements.txt": "x\n"}
    )
    assert result.verdict is Verdict.PASS


def test_a_tracked_env_file_with_a_secret_enters(tmp_path):
    files = {**APP, ".env": "DB_PASSWORD=hunter2hunter2\n", ".dockerignore": COMPLETE.replace("**/.env\n", "")}
    result = make.judge(ID, tmp_path, WHOLE, files)
    assert result.verdict is Verdict.PARTIAL
    assert "environment file enter" in result.summary


def test_a_tracked_env_file_without_a_secret_is_only_mentioned(tmp_path):
    files = {**APP, ".env": "PORT=8000\n", ".dockerignore": COMPLETE.replace("**/.env\n", "")}
    result = make.judge(ID, tmp_path, WHOLE, files)
    assert any("nothing in it looks secret" in finding.message for finding in result.findings)


def test_an_ignore_file_outside_the_context_has_no_effect(tmp_path):
    files = {"api/Dockerfile": WHOLE, "api/main.py": "1\n", ".dockerignore": COMPLETE}
    result = make.judge(ID, tmp_path, "", files, dockerfile="api/Dockerfile", context="api")
    assert result.verdict is Verdict.FAIL
    assert any("has no effect" in finding.message for finding in result.findings)


def test_a_context_that_is_not_in_the_repository_is_unknown(tmp_path):
    assert make.judge(ID, tmp_path, WHOLE, APP, context="vendor/app").verdict is Verdict.UNKNOWN
