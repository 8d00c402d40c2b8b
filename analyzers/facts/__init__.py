"""Bundled, dated data files."""
