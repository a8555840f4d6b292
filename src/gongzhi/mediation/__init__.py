"""The app mediation."""
