"""Holds the plan of the house: what may import what, and what may stand where."""
