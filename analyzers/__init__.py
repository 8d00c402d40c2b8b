"""Audit how a repository builds and runs its container image.

Source → gather (lint, build, measure) → Artifacts → checks → Results → Score → Report.

A gatherer does I/O and yields one artifact; a check is a pure function of artifacts and yields one
result; `scoring` weighs results. Nothing here knows Django, Celery or a database, so
`python -m analyzers PATH` works alone.
"""
