"""Pure readers of Python source: syntax trees in, facts out. Nothing of it is imported or run."""
