"""Resource management."""
