"""The extension of Sphinx that puts numbers, cards, claims and terms into pages."""
