"""Rows of organisations, people, mandates, policies, links and sessions. They never leave these files."""
