"""The pages of procedures: those in force, and every case, whatever its subject."""
