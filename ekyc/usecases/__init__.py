"""A verification from the first photo to the decision."""
