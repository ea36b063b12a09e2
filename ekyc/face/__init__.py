"""Find a face, align it, embed it, compare embeddings."""
