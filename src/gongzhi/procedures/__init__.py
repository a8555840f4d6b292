"""The app procedures."""
