"""What may leave the data's home: small groups merged, figures rounded, releases compared."""
