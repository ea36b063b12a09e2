"""What all of the province's apps share: frame, languages, request safety, error pages."""
