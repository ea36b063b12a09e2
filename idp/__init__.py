"""OpenID Connect provider of Một Chạm ID."""
