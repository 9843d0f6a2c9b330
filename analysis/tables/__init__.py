"""Reading a stranger's table: its format, its columns, and what is wrong with them."""
