"""The operator's policy: read from a TOML file, held to safe bounds, named by its hash."""
