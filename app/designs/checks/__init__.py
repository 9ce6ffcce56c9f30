"""A planner's answer while somebody draws: every change against every rule that concerns it.

Pure Python on shapely, in metres; no Flask, no SQL. `street` is the situation before and after a design,
`model` what a rule says, `registry` the rules by id, `run` goes through a design. A rule is one function in
`rules/`; its numbers are in `geodata.rulebook`.
"""
