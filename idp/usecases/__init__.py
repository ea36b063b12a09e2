"""One verb a file. Use cases reach the outside through ``ports`` only."""
