"""Learning from the desk: what it corrects, how the world drifts, candidates, and which model serves with what bounds.

Nothing here promotes a model by itself: a supervisor does, with a reason, as an event of the stream `model`.
"""
