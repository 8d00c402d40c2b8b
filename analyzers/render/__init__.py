"""Reports in the formats people and programs read."""
