"""Pages of organisations, posts, one person with posts, and the audit."""
