"""Python configuration."""
