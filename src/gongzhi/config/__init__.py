"""The composition root: settings, addresses, database and logging of the running system."""
