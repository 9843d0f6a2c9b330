"""A package as small as a project's can be."""
