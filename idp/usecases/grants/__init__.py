"""The token endpoint, one grant a file. ``web/protocol.py`` lists them in ``GRANTS``."""
