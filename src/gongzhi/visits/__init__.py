"""The app visits."""
