"""Pages of matters: for residents (report, follow) and for staff (inbox, lists, case)."""
