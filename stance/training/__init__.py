"""Training: the only importer of scikit-learn."""
