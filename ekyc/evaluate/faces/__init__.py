"""How well the face engine tells people apart, on any folder of photos with a list of pairs."""
