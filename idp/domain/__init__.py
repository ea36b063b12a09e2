"""Protocol rules and data, pure: no framework, database or HTTP client is imported here."""
