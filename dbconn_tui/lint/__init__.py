"""Checks of scripts and connections against the best practices: analyses, rules, reports."""
