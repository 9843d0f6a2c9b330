"""One person's annual cost: whether there is any, the body, and the tail."""
