"""Image optimization."""
