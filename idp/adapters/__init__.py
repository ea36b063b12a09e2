"""Implementations of ``ports`` over libraries and other services."""
