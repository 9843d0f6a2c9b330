"""Your own data: what the page on a reader's own people lists beside the commands' answers."""
