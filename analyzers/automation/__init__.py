"""Pure readers of update bots, CI files and build scripts."""
