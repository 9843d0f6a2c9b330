"""A reader's own people, programme, bills and organisations: from their table to their report."""
