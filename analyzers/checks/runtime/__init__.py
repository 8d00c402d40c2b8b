"""Runtime optimization."""
