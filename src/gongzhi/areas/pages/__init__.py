"""Pages of areas: the tree and its changes, and the registers beside it."""
