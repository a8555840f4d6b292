"""The app interchange."""
