"""Models: PyMC models and their classical peers, one a file; data and priors in, model out."""
