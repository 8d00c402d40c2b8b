"""Following a container's command through entrypoints, wrappers and scripts to the server that it ends up running."""
