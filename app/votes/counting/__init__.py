"""Counting: from ballots to winners, with reasons. Plain Python: no web, no database, no clock, no chance.

- `election`: what is counted: projects with costs, a budget, ballots, exclusions; and the published tie-break
- `outcome`: what comes out: winners with who paid, losers with why, as data
- `equal_shares` (on `purses`), `greedy`, `approval`: rules for approval ballots; `schulze` for rankings
- `pabulib`: reads and writes Pabulib files

All arithmetic that decides anything is exact (`fractions.Fraction`).
"""
