"""Has this face been enrolled under another number? 1:N search over everyone enrolled."""
