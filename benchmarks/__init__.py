"""Figures as ratios to a baseline measured in the same run, since machines differ and are shared."""
