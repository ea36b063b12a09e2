"""Measures the engine on many examples: ``ekyc evaluate``. Nothing here runs in the service."""
