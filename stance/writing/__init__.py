"""Records to files: JSON lines, CSV, a table for the terminal, labelled documents for correction."""
