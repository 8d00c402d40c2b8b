"""Layer efficiency."""
