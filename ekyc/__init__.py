"""eKYC engine for Vietnamese identity cards."""
