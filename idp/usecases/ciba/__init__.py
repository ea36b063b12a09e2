"""OpenID Connect Client-Initiated Backchannel Authentication (CIBA Core 1.0), poll and ping."""
