"""Gatherers: the folder names the job (lint, build, measure)."""
