"""Readers of deployment and build descriptions (compose, bake, Kubernetes, CI), as data: nothing in them is run."""
