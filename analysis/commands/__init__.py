"""The commands of the command line that need more than a call, one a module."""
