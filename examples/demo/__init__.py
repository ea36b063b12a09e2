"""The whole chain on one machine: seed, print cards, serve, and play the citizen in a browser.

Uses the commands ``ekyc`` and ``idp`` and HTTP only; imports nothing of their packages.
"""
