"""Pure readers of dependency manifests: text in, entries out. Nothing is resolved, fetched or run."""
