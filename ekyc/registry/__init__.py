"""The MOCK national population database: own tables, own HTTP API, invented people."""
