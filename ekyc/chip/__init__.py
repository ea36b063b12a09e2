"""The card's chip: files that a phone read over NFC in, a verdict on where they come from out."""
