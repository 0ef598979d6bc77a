"""Measurements: ratios against a peer in the same run, at checked results."""
