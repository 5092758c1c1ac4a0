"""Migrations: numbered, forward only."""
