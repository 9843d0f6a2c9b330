"""What groups differ in beyond chance, year after year."""
