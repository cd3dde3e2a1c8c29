"""A complaint hotline: intake, classification, routing by duty matrix, casework under legal clocks."""

__version__ = "0.1.0"
