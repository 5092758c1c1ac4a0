"""The command line `chibo`."""
