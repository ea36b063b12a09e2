"""The engine as an HTTP service: parse, call one use case, answer."""
