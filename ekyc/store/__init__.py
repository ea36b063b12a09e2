"""Verifications in SQL: SQLite by default, PostgreSQL by URL."""
