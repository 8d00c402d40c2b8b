"""The Celery application: it carries nudges and nothing else. No result backend, JSON only, ids only."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import worker_process_init

from config.processes import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("trimtab")
app.config_from_object("config.celery_settings")
app.autodiscover_tasks()
worker_process_init.connect(end_with_parent, weak=False)
