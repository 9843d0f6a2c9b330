"""What the site offers beside its pages, one file a product."""
