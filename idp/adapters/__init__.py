"""Implementations of ``ports.py`` over libraries and other services."""
