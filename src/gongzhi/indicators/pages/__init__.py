"""Pages of the figures: the desk's, the burden of staff, the residents'."""
