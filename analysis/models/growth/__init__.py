"""How savings grow with the years an organisation has been in its programme."""
