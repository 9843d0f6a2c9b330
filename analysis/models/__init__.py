"""Models, one a package: data and priors import without PyMC, and `model` makes a PyMC model."""
