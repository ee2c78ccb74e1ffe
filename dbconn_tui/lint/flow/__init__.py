"""Flow analysis: how often a script's callback is called on every path (feasibility.md §A3).

A small abstract interpreter runs the script over all its paths at once. `analysis.callback_flow` is
the way in; `relevance` says which code matters, `paths` and `values` are what is known at a point,
`statements`, `expressions`, `conditions`, `calls`, `promises` and `events` are the meaning of
JavaScript, and `tables` what is known of other people's functions.
"""
