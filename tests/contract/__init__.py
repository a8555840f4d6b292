"""The API keeps to its own description, whatever it is sent."""
