"""Sign citizens in with Một Chạm ID."""
