"""The checklist: one module per item, one package per section and group."""
