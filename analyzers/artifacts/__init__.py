"""The artifacts: frozen fact sheets, the contract between gatherers and checks. A module per noun."""
