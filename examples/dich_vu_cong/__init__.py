"""Public services: apply for a copy of a birth record with a form that fills itself."""
