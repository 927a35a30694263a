"""Labels: read, checked, converted, compared."""
