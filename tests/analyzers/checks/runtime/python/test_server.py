from __future__ import annotations

import pytest

from analyzers.artifacts.code import Code
from analyzers.artifacts.processes import Process
from analyzers.checks.runtime.python.server import server
from analyzers.results import Result, Verdict
from tests import builders as make


def judge(*found: Process, python: bool = True, others: tuple[Process, ...] = (), code: Code | None = None) -> Result:
    processes = make.processes(*found, python=python, others=others)
    return server(processes, make.build_plan(), make.bases(), make.deployment(), code or make.code())


def development(**more: object) -> Process:
    return make.process(make.server("flask-run", kind="development", workers=""), argv=("flask", "run"), **more)


def test_a_production_server_passes() -> None:
    assert judge().verdict is Verdict.PASS


def test_a_development_server_fails_with_the_place_to_change() -> None:
    result = judge(development(), code=make.code(frameworks=frozenset({"flask"})))
    assert result.verdict is Verdict.FAIL
    assert "`Dockerfile`, line 8" in result.fix.text
    assert 'CMD ["gunicorn"' in result.fix.text


def test_an_asgi_application_is_offered_uvicorn() -> None:
    result = judge(development(), code=make.code(frameworks=frozenset({"fastapi"})))
    assert 'CMD ["uvicorn"' in result.fix.text


def test_a_reload_switch_of_a_production_server_fails() -> None:
    result = judge(make.process(make.server("uvicorn", reload="--reload")))
    assert result.verdict is Verdict.FAIL
    assert "--reload" in result.summary


def test_a_static_file_server_passes() -> None:
    nginx = make.process(make.server("nginx", kind="static"), argv=("nginx",))
    assert judge(nginx, python=False).verdict is Verdict.PASS


@pytest.mark.parametrize("kind", ["worker", "command"])
def test_what_serves_no_http_is_not_judged(kind: str) -> None:
    worker = make.process(make.server("celery", kind=kind, web=False))
    assert judge(worker).verdict is Verdict.NOT_APPLICABLE


def test_a_server_of_another_language_is_not_judged() -> None:
    node = make.process(make.server("node", kind="other"), argv=("node", "server.js"))
    assert judge(node, python=False).verdict is Verdict.NOT_APPLICABLE


def test_an_unresolved_command_is_unknown_with_its_reason() -> None:
    result = judge(make.process(servers=(), unresolved="the entrypoint is downloaded"))
    assert result.verdict is Verdict.UNKNOWN
    assert "the entrypoint is downloaded" in result.summary


def test_an_unrecognised_program_is_unknown() -> None:
    process = make.process(make.server("other", kind="other"), argv=("shop-serve",))
    assert judge(process).verdict is Verdict.UNKNOWN


def test_the_worst_web_service_decides_and_workers_do_not_matter() -> None:
    worker = make.process(make.server("celery", kind="worker", web=False), service="worker")
    assert judge(make.process(), worker).verdict is Verdict.PASS
    assert judge(make.process(), worker, development(service="admin")).verdict is Verdict.FAIL


def test_a_development_set_is_a_finding_only() -> None:
    result = judge(others=(development(),))
    assert result.verdict is Verdict.PASS
    assert "flask run" in result.findings[0].message


def test_a_compose_command_is_mended_in_compose() -> None:
    process = make.process(make.server("runserver", kind="development"), service="web")
    deployment = make.deployment(make.service(command=("python", "manage.py", "runserver")))
    code = make.code(frameworks=frozenset({"django"}))
    result = server(make.processes(process), make.build_plan(), make.bases(), deployment, code)
    assert 'command: ["gunicorn"' in result.fix.text
