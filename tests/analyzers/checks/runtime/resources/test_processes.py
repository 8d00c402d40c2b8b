from __future__ import annotations

import pytest

from analyzers.artifacts.processes import Process
from analyzers.checks.runtime.resources.processes import process_management
from analyzers.results import Result, Verdict
from tests import builders as make


def judge(*found: Process, others: tuple[Process, ...] = ()) -> Result:
    processes = make.processes(*found, others=others)
    return process_management(processes, make.build_plan(), make.bases(), make.deployment())


def script(**more: object) -> Process:
    plain = make.server("python-script", kind="development", workers="", single=True)
    return make.process(plain, **{"argv": ("python", "app.py"), "handles_term": False, **more})


def test_exec_form_with_a_counted_server_passes() -> None:
    assert judge().verdict is Verdict.PASS


def test_a_worker_count_that_nothing_sets_is_partial() -> None:
    result = judge(make.process(make.server(workers="")))
    assert result.verdict is Verdict.PARTIAL
    assert "--workers 2" in result.fix.text


def test_one_process_by_design_needs_no_count() -> None:
    assert judge(make.process(make.server("daphne", workers="", single=True))).verdict is Verdict.PASS


def test_shell_form_fails_and_the_fix_is_exec_form() -> None:
    result = judge(make.process(form="shell", execs=False))
    assert result.verdict is Verdict.FAIL
    assert 'CMD ["gunicorn", "shop.wsgi"]' in result.fix.text


def test_a_script_without_exec_fails_where_it_breaks() -> None:
    followed = (("script", make.place("start.sh", 1)),)
    result = judge(make.process(via=followed, execs=False, broken_at=make.place("start.sh", 6)))
    assert result.verdict is Verdict.FAIL
    assert (result.findings[0].path, result.findings[0].line) == ("start.sh", 6)
    assert "exec gunicorn" in result.fix.text


@pytest.mark.parametrize("more", [{"sudo": True}, {"daemons": ("nginx", "gunicorn")}])
def test_sudo_and_several_daemons_fail(more: dict[str, object]) -> None:
    assert judge(make.process(**more)).verdict is Verdict.FAIL


def test_plain_python_as_first_process_is_partial() -> None:
    result = judge(script())
    assert result.verdict is Verdict.PARTIAL
    assert "SIGTERM" in result.summary
    assert "init: true" in result.fix.text


@pytest.mark.parametrize("more", [{"init": "tini"}, {"stop_signal": "SIGINT"}, {"stop_signal": "2"}])
def test_plain_python_with_an_init_or_a_signal_it_knows_passes(more: dict[str, object]) -> None:
    assert judge(script(**more)).verdict is Verdict.PASS


def test_uwsgi_without_die_on_term_and_without_count_fails() -> None:
    uwsgi = make.process(make.server("uwsgi", workers=""), handles_term=False)
    assert judge(uwsgi).verdict is Verdict.FAIL


def test_a_signal_that_nobody_can_handle_does_not_count() -> None:
    assert judge(make.process(stop_signal="SIGKILL")).verdict is Verdict.PARTIAL


def test_a_program_that_nobody_knows_is_unknown() -> None:
    own = make.process(make.server("other", kind="other"), handles_term=None, argv=("/shop",))
    assert judge(own).verdict is Verdict.UNKNOWN


def test_an_unresolved_command_is_unknown_with_its_reason() -> None:
    result = judge(make.process(servers=(), unresolved="the base has no known command"))
    assert result.verdict is Verdict.UNKNOWN
    assert "the base has no known command" in result.summary


def test_the_worst_service_decides() -> None:
    assert judge(make.process(), make.process(form="shell", execs=False, service="b")).verdict is Verdict.FAIL


def test_short_lived_commands_are_not_judged() -> None:
    assert judge(script(long_running=False)).verdict is Verdict.NOT_APPLICABLE


def test_a_development_set_is_a_finding_only() -> None:
    result = judge(others=(make.process(form="shell", execs=False),))
    assert result.verdict is Verdict.PASS
    assert "does not decide" in result.findings[0].message
