"""Codes in letters: one letter an address, no names; for a round of voting or for neighbours' consent."""
