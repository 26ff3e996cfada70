"""Declarations and loaders of the files in ``data/``: the only modules that open them."""
