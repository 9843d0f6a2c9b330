"""The England generator: people with English ages, sexes, deprivation, needs and costs."""
