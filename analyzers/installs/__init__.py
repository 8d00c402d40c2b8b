"""Recognising package manager runs in shell commands: what they read, install, cache and leave behind."""
