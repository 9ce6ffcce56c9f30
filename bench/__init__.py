"""`python -m bench`: what the program does, as ratios to limits measured in the same run."""
