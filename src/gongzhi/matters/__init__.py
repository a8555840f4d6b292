"""The app matters."""
