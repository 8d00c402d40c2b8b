"""Build speed."""
