"""Facts read from files; nothing of the source is executed."""
