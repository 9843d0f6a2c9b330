"""Bills that are still to come."""
