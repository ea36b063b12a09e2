"""How far ahead of ours a client's clock may be.

FAPI 2.0 Security Profile, section 5.3.2.1: ``iat`` and ``nbf`` up to 10 seconds in the future are accepted,
more than 60 are not. In between is ours to choose, for every client alike.
"""

LEEWAY = 30  # seconds
