"""SQLAlchemy tables and one repository a file; nothing here decides anything."""
