"""Cell meetings, from the call to the signed minutes. Each package is a storey: docs/ARCHITECTURE.md."""
