"""Policy: decision models, one package or module a suggestion."""
