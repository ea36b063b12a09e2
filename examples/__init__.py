"""City apps of the province, each built on the SDK ``motcham`` alone."""
