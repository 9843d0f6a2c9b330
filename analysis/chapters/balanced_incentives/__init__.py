"""Incentives: what a group does when it is paid for savings, quality and experience at once."""
