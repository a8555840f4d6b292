"""Accounts, personal data (encrypted) and sign-in."""
