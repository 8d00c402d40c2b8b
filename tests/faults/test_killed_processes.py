"""Processes are killed in the middle of things; nothing is lost, nothing happens twice, nothing is left over."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from analyzers.registry import all_checks
from tests.faults.installation import Installation, wait_until

pytestmark = pytest.mark.faults

AUDIT = "SELECT state, attempt FROM reviews_audit"


def start_audit(installation: Installation, project: int) -> None:
    installation.call(f"answer = queue.start_audit(Project.objects.get(pk={project}), None).pk")


def state(installation: Installation) -> str:
    return str(installation.rows(AUDIT)[0][0])


def assert_done_once(installation: Installation, attempts: int) -> None:
    assert installation.rows(AUDIT) == [("done", attempts)]
    items = [check_id for (check_id,) in installation.rows("SELECT check_id FROM reviews_item")]
    assert sorted(items) == sorted(check.id for check in all_checks())
    finished = installation.rows("SELECT count(*) FROM reviews_event WHERE action = 'audit.finished'")
    assert finished == [(1,)]
    wait_until(lambda: list((installation.data / "work").iterdir()) == [], 10)


def test_an_audit_survives_the_death_of_its_worker(installation: Installation, slow_project: int) -> None:
    start_audit(installation, slow_project)
    wait_until(lambda: state(installation) == "running", 20, installation.log)
    installation.kill_group("worker")
    assert state(installation) == "running"
    wait_until(lambda: state(installation) == "done", 60, installation.log)
    assert_done_once(installation, attempts=2)


def test_an_audit_survives_the_death_of_the_pool_process(installation: Installation, slow_project: int) -> None:
    start_audit(installation, slow_project)
    wait_until(lambda: state(installation) == "running", 20, installation.log)
    [worker] = installation.children("worker")
    [pool_process] = worker.children()
    pool_process.kill()
    wait_until(lambda: state(installation) == "done", 60, installation.log)
    assert_done_once(installation, attempts=2)


def test_an_audit_that_kills_its_worker_is_given_up(installation: Installation, slow_project: int) -> None:
    start_audit(installation, slow_project)
    for attempt in (1, 2, 3):
        wait_until(lambda attempt=attempt: installation.rows(AUDIT) == [("running", attempt)], 30, installation.log)
        installation.kill_group("worker")
    wait_until(lambda: state(installation) == "failed", 30, installation.log)
    [(error,)] = installation.rows("SELECT error FROM reviews_audit")
    assert "worker was lost 3 times" in error


def test_a_dead_broker_delays_an_audit_and_blocks_no_request(installation: Installation) -> None:
    broker = installation.broker()
    os.kill(broker.pid, signal.SIGSTOP)
    seconds = installation.call("""
        import time
        began = time.monotonic()
        queue.start_audit(Project.objects.get(), None)
        answer = time.monotonic() - began
    """)
    assert seconds < 1
    assert installation.get("/healthz") == 200
    assert installation.rows(AUDIT) == [("queued", 0)]
    os.kill(broker.pid, signal.SIGKILL)
    wait_until(lambda: state(installation) == "done", 60, installation.log)
    assert_done_once(installation, attempts=1)


def test_a_message_delivered_five_times_gives_one_result(installation: Installation, slow_project: int) -> None:
    start_audit(installation, slow_project)
    installation.call("answer = [queue.nudge(Audit, Audit.objects.get().pk) for _ in range(5)]")
    wait_until(lambda: state(installation) == "done", 60, installation.log)
    time.sleep(2)
    assert_done_once(installation, attempts=1)


def test_a_running_audit_is_cancelled_within_seconds(installation: Installation, slow_project: int) -> None:
    start_audit(installation, slow_project)
    wait_until(lambda: state(installation) == "running", 20, installation.log)
    installation.call("""
        from reviews.services.audits import cancel_audit
        answer = cancel_audit(Audit.objects.get(), User.objects.get())
    """)
    wait_until(lambda: state(installation) == "cancelled", 15, installation.log)
    time.sleep(3)
    assert installation.rows(AUDIT) == [("cancelled", 1)]
    assert installation.rows("SELECT count(*) FROM reviews_item") == [(0,)]


def test_a_killed_web_server_is_back_in_seconds(installation: Installation) -> None:
    installation.kill_group("granian")
    wait_until(lambda: _answers(installation), 15, installation.log)


def test_a_killed_supervisor_leaves_no_process(installation: Installation, slow_project: int) -> None:
    start_audit(installation, slow_project)
    wait_until(lambda: state(installation) == "running", 20, installation.log)
    assert len(installation.everything()) >= 6
    installation.process.kill()
    wait_until(lambda: installation.everything() == [], 5, installation.log)
    installation.process.wait()
    installation.start()
    wait_until(lambda: state(installation) == "done", 60, installation.log)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_within_seconds_when_asked(installation: Installation, slow_project: int, number: int) -> None:
    start_audit(installation, slow_project)
    wait_until(lambda: state(installation) == "running", 20, installation.log)
    began = time.monotonic()
    installation.process.send_signal(number)
    assert installation.process.wait(10) == 0
    assert time.monotonic() - began < 7
    assert installation.everything() == []


def test_what_a_stop_cut_off_goes_on_at_the_next_start(tmp_path: Path) -> None:
    """At once: it does not wait for a long lease to run out."""
    installation = Installation(tmp_path / "data", TRIMTAB_LEASE_SECONDS="600")
    installation.start()
    try:
        installation.call("""
            user = User.objects.create_user("ann@example.org", name="Ann")
            project = create_sample_project(ensure_personal_team(user), user)
            answer = queue.start_audit(project, user).pk
        """)
        wait_until(lambda: state(installation) == "done", 30, installation.log)
        installation.call("""
            from django.utils import timezone
            from datetime import timedelta
            held = {"state": "running", "attempt": 1, "lease_until": timezone.now() + timedelta(minutes=9)}
            Item.objects.all().delete()
            answer = Audit.objects.update(**held)
        """)
        installation.stop()
        installation.start()
        wait_until(lambda: installation.rows(AUDIT) == [("done", 2)], 30, installation.log)
    finally:
        installation.stop()


def _answers(installation: Installation) -> bool:
    try:
        return installation.get("/healthz") == 200
    except OSError:
        return False
