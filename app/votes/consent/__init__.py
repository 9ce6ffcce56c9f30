"""Neighbours' consent."""
