"""Signs that a picture shows no original card. Each is measured, none proves anything: an officer looks."""
