"""The Celery application: it carries nudges and nothing else. No result backend, JSON only, ids only."""

from __future__ import annotations

import os
import warnings

from celery import Celery
from celery.signals import worker_process_init

from reviews.embedded.parent import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Celery's advice for root is to give it a user by an option of its own, which is not how this is run
warnings.filterwarnings("ignore", message="You're running the worker with superuser")

app = Celery("trimtab")
app.config_from_object("config.celery_settings")
app.autodiscover_tasks()
worker_process_init.connect(end_with_parent, weak=False)
