"""Party organisations, units, committees, and posts: who holds which role where."""
