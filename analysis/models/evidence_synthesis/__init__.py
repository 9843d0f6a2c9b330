"""What published sources say together about the coefficient of variation of cost."""
