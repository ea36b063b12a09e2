"""HTTP only: parse the request, call one use case, render its result."""
