"""Is a face good enough to be compared? One rule a file: ``problem(view, policy)`` gives a code or None.

What the rules cannot see: a hand or a mask of the colour of skin, clear glasses, a filter.
"""
