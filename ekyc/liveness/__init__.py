"""Challenge and response in front of a camera: a random order of movements, and its judge. Pure."""
