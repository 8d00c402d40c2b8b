"""Celery's own settings. Recovery is the lease's work (reviews/services/jobs.py), so redelivery may be slow."""

from __future__ import annotations

from django.conf import settings

VISIBILITY_TIMEOUT_SECONDS = 2 * 3600

broker_url = settings.BROKER_URL
broker_connection_retry_on_startup = True
broker_connection_timeout = 2
broker_transport_options = {
    "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
}
visibility_timeout = VISIBILITY_TIMEOUT_SECONDS

task_ignore_result = True
task_store_errors_even_if_ignored = False
task_serializer = "json"
accept_content = ["json"]
# A message lost to a killed worker costs one lease; the attempt limit in the database stops a task that kills workers.
task_acks_late = True
task_reject_on_worker_lost = True
worker_prefetch_multiplier = 1
worker_max_tasks_per_child = 200
# The first ends a job with a sentence for its user; the second kills what does not listen
task_soft_time_limit = settings.AUDIT_TIME_LIMIT_SECONDS
task_time_limit = settings.AUDIT_TIME_LIMIT_SECONDS + 30
worker_hijack_root_logger = False
timezone = "UTC"

beat_schedule = {
    "reap": {
        "task": "reviews.reap",
        "schedule": settings.REAP_SECONDS,
        # a reap that waited is worth nothing: the next one sees the same rows
        "options": {"expires": settings.REAP_SECONDS},
    },
}
