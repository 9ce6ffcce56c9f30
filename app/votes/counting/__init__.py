"""Counting: from ballots to winners, with reasons. Plain Python: no web, no database, no clock, no chance.

- `election`: what is counted: projects with costs, a budget, ballots, exclusions; and the published tie-break
- `outcome`: what comes out: winners with who paid, losers with why, as data
- `equal_shares` (on `purses`), `greedy`, `approval`: rules for approval ballots; `schulze` for rankings
- `pabulib`: reads and writes Pabulib files
- `contest`: ballots of any kind; `points` and `ranked` choose winners from them; `rules` has all rules
- `stability`: draws again from the ballots, as a published recipe says
- `small_cells`, `turnout`: numbers by place that give nobody away, and who is missing
- `publication`: what of a count is published
- `canonical`, `frozen`, `result`, `round_file`, `round_pabulib`: a published round as a file that anybody
  checks and counts again

All arithmetic that decides anything is exact (`fractions.Fraction`).
"""
