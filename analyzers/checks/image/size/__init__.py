"""Size reduction."""
