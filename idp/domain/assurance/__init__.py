"""OpenID Connect for Identity Assurance 1.0: what is asked (``request``), what we can say (``build``), and
the part of it that answers the request (``match``)."""
