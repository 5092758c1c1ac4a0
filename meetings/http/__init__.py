"""Shared machinery: parsing, identity, problems, idempotency, OpenAPI."""
