"""Claiming, fencing and reaping, against the real database and its clock."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from reviews.models import Audit, Project, State, User
from reviews.services import jobs
from reviews.services.audits import cancel_audit, request_audit
from reviews.services.heartbeat import Heartbeat
from reviews.services.jobs import Claim, LeaseLost


@pytest.fixture
def queued(project: Project, owner: User) -> Audit:
    return request_audit(project, owner)


def claim(audit: Audit, worker: str = "a") -> Claim:
    claimed = jobs.claim(Audit, audit.pk, worker)
    assert claimed is not None
    return claimed


def let_lease_run_out(audit: Audit) -> None:
    Audit.objects.filter(pk=audit.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_queued_job_is_claimed_with_a_lease(queued: Audit) -> None:
    claim(queued, worker="host:1")
    queued.refresh_from_db()
    assert (queued.state, queued.attempt, queued.worker) == (State.RUNNING, 1, "host:1")
    assert queued.started_at is not None
    assert queued.lease_until > timezone.now() + timedelta(seconds=30)


def test_a_running_job_is_not_claimed_again(queued: Audit) -> None:
    claim(queued)
    assert jobs.claim(Audit, queued.pk, "b") is None


def test_a_job_that_must_wait_is_not_claimed_yet(queued: Audit) -> None:
    Audit.objects.filter(pk=queued.pk).update(not_before=timezone.now() + timedelta(minutes=1))
    assert jobs.claim(Audit, queued.pk, "a") is None
    Audit.objects.filter(pk=queued.pk).update(not_before=timezone.now() - timedelta(seconds=1))
    assert jobs.claim(Audit, queued.pk, "a") is not None


def test_a_finished_job_is_not_claimed_again(queued: Audit) -> None:
    claim(queued).finish(State.DONE)
    assert jobs.claim(Audit, queued.pk, "b") is None


def test_a_job_that_is_not_there_is_not_claimed(db: None) -> None:
    assert jobs.claim(Audit, 12345, "a") is None


def test_a_job_whose_lease_ran_out_is_claimed_by_another_worker(queued: Audit) -> None:
    claim(queued)
    let_lease_run_out(queued)
    assert claim(queued, worker="b").attempt == 2


def test_writes_of_a_lost_attempt_change_nothing(queued: Audit) -> None:
    first = claim(queued)
    let_lease_run_out(queued)
    second = claim(queued, worker="b")
    with pytest.raises(LeaseLost):
        first.save(progress=[{"name": "old"}])
    with pytest.raises(LeaseLost):
        first.finish(State.FAILED, error="old")
    assert not first.renew()
    assert second.renew()
    queued.refresh_from_db()
    assert (queued.state, queued.error, queued.progress) == (State.RUNNING, "", [])


def test_a_job_is_not_tried_more_than_three_times(queued: Audit) -> None:
    for _ in range(3):
        claim(queued)
        let_lease_run_out(queued)
    assert jobs.claim(Audit, queued.pk, "d") is None
    assert jobs.reap(Audit) == []
    queued.refresh_from_db()
    assert queued.state == State.FAILED
    assert "worker was lost" in queued.error


def test_the_reaper_names_a_job_that_no_message_was_sent_for(queued: Audit) -> None:
    assert jobs.reap(Audit) == [queued.pk]


def test_the_reaper_does_not_send_again_at_once(queued: Audit) -> None:
    jobs.reap(Audit)
    assert jobs.reap(Audit) == []


def test_the_reaper_sends_again_after_a_while(queued: Audit) -> None:
    Audit.objects.filter(pk=queued.pk).update(nudged_at=timezone.now() - timedelta(minutes=2))
    assert jobs.reap(Audit) == [queued.pk]


def test_the_reaper_names_a_job_whose_worker_is_gone(queued: Audit) -> None:
    claim(queued)
    assert jobs.reap(Audit) == []
    let_lease_run_out(queued)
    assert jobs.reap(Audit) == [queued.pk]


def test_a_queued_job_is_cancelled_at_once(queued: Audit, owner: User) -> None:
    assert cancel_audit(queued, owner)
    queued.refresh_from_db()
    assert queued.state == State.CANCELLED
    assert jobs.claim(Audit, queued.pk, "a") is None


def test_a_running_job_is_asked_to_stop(queued: Audit, owner: User) -> None:
    held = claim(queued)
    assert cancel_audit(queued, owner)
    assert not held.renew()
    with pytest.raises(LeaseLost):
        held.save(progress=[])
    assert held.settle_cancel()
    queued.refresh_from_db()
    assert queued.state == State.CANCELLED


def test_a_job_asked_to_stop_never_starts_again(queued: Audit, owner: User) -> None:
    claim(queued)
    cancel_audit(queued, owner)
    let_lease_run_out(queued)
    assert jobs.claim(Audit, queued.pk, "b") is None
    assert jobs.reap(Audit) == []
    queued.refresh_from_db()
    assert queued.state == State.CANCELLED


def test_a_finished_job_cannot_be_cancelled(queued: Audit, owner: User) -> None:
    claim(queued).finish(State.DONE)
    assert not cancel_audit(queued, owner)


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_gets_the_job(queued: Audit) -> None:
    claims: list[Claim | None] = []
    start = threading.Barrier(8)

    def work(number: int) -> None:
        start.wait()
        claims.append(jobs.claim(Audit, queued.pk, str(number)))
        connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claims) == 8
    assert len([claimed for claimed in claims if claimed]) == 1


@pytest.mark.django_db(transaction=True)
def test_a_heartbeat_keeps_the_lease(queued: Audit, settings) -> None:
    settings.LEASE_SECONDS = 1
    held = claim(queued)
    with Heartbeat(held) as heartbeat:
        threading.Event().wait(1.6)
        heartbeat.check()
        assert jobs.is_live(Audit, queued.pk, 1)
        assert jobs.claim(Audit, queued.pk, "b") is None


@pytest.mark.django_db(transaction=True)
def test_a_heartbeat_tells_the_work_that_it_was_cancelled(queued: Audit, owner: User, settings) -> None:
    settings.LEASE_SECONDS = 1
    with Heartbeat(claim(queued)) as heartbeat:
        cancel_audit(queued, owner)
        threading.Event().wait(0.6)
        with pytest.raises(LeaseLost):
            heartbeat.check()
