"""The claims ledger: claims of the texts, the numbers that test them, verdicts by one rule."""
