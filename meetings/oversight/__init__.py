"""Superiors audit and report; they never write into a cell."""
