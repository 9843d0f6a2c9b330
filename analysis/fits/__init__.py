"""Every published fit, by name: what is fitted to what, with which priors."""
