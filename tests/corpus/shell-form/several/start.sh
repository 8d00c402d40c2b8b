#!/bin/sh
celery -A app worker --concurrency=1 &
gunicorn --workers 2 app:app &
wait
