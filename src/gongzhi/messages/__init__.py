"""Notices to staff, members and reporters, and what became of them."""
