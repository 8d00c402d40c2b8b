"""Base image."""
