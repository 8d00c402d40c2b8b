"""The build context: what ignore rules leave of it, and what copies take."""
