"""The PDFs: the briefings and the whole book."""
