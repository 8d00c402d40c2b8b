from __future__ import annotations

import time

import pytest
from celery import current_app
from django.db import transaction

from reviews import queue, tasks
from reviews.models import Audit, Project, State, User


@pytest.mark.django_db(transaction=True)
def test_a_nudge_is_sent_once_the_row_is_committed(project: Project, owner: User, messages) -> None:
    with transaction.atomic():
        audit = queue.start_audit(project, owner)
        assert messages == []
    assert messages == [("Audit", audit.pk)]
    audit.refresh_from_db()
    assert audit.nudged_at is not None


@pytest.mark.django_db(transaction=True)
def test_no_nudge_is_sent_for_what_was_rolled_back(project: Project, owner: User, messages) -> None:
    with transaction.atomic():
        queue.start_audit(project, owner)
        transaction.set_rollback(True)
    assert messages == []


def test_each_queued_name_is_a_task_of_the_worker() -> None:
    assert set(queue.TASKS.values()) <= set(current_app.tasks)
    assert {tasks.audit.name, tasks.discover.name} == set(queue.TASKS.values())


@pytest.mark.broker
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broker", ["redis+socket:///nowhere/broker.sock", "redis://127.0.0.1:1/0"])
def test_a_dead_broker_neither_blocks_nor_fails_a_request(project: Project, owner: User, monkeypatch, broker) -> None:
    monkeypatch.setattr(current_app.conf, "broker_url", broker)
    began = time.monotonic()
    audit = queue.start_audit(project, owner)
    assert time.monotonic() - began < 1
    audit.refresh_from_db()
    assert (audit.state, audit.nudged_at) == (State.QUEUED, None)


@pytest.mark.broker
@pytest.mark.django_db(transaction=True)
def test_a_broker_that_never_answers_does_not_block_a_request(
    project: Project, owner: User, monkeypatch, silent_server: str
) -> None:
    monkeypatch.setattr(current_app.conf, "broker_url", silent_server)
    began = time.monotonic()
    queue.start_audit(project, owner)
    assert time.monotonic() - began < 1


@pytest.mark.broker
@pytest.mark.django_db(transaction=True)
def test_a_living_broker_gets_the_id_and_nothing_else(
    project: Project, owner: User, redis_url: str, monkeypatch
) -> None:
    monkeypatch.setattr(current_app.conf, "broker_url", redis_url)
    audit = queue.start_audit(project, owner)
    with current_app.connection_for_read() as connection:
        message = connection.SimpleQueue("celery").get(timeout=5)
        assert message.headers["task"] == "reviews.audit"
        assert message.payload[:2] == [[audit.pk], {}]
        message.ack()


@pytest.mark.django_db(transaction=True)
def test_the_reaper_sends_what_could_not_be_sent(project: Project, owner: User, monkeypatch, messages) -> None:
    monkeypatch.setattr(queue, "nudge", lambda model, job_id: False)
    audit = queue.start_audit(project, owner)
    tasks.reap()
    audit.refresh_from_db()
    assert audit.nudged_at is None
    monkeypatch.setattr(queue, "nudge", lambda model, job_id: messages.append(job_id) or True)
    tasks.reap()
    assert messages == [audit.pk]
    assert Audit.objects.filter(nudged_at=None).count() == 0
