"""A reader's own groups: k of one person and spread of groups, from mean costs alone."""
