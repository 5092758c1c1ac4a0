"""Shared machinery: engine, unit of work, write lane, batching writer, guards."""
