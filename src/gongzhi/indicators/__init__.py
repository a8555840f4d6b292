"""Figures that come out of the log: measures, tallies and indicators."""
