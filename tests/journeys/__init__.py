"""Journeys through the pages in a real browser, at phone and at desktop size."""
