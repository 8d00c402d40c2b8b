"""Build optimization."""
