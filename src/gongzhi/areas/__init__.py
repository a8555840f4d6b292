"""Areas: the code tree with its history, grids, shapes and the locating of points."""
