"""The append-only log of everything that happens, and the relay that reads it."""
