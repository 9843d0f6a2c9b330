"""One package a chapter, named as its notebook: private measures, figures, explorer tables."""
