"""Pages of the people app: the entrance, one's own account, the desk's people."""
