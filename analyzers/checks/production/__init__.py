"""Production readiness."""
