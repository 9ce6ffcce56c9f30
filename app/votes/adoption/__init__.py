"""Pledges: who looks after what."""
