"""Evidence: data sets, published figures and claims, each with its source and licence."""
