"""A catalogue of bad, and of strange but right, inputs: what each command says to them."""
