"""What the ten suggestions say of today's contracts."""
