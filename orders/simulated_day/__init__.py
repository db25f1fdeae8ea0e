"""A whole day of the manufactory, from the till to the parcels, through the shop's own functions. Never in production.

It stands where a person stands with a scanner in the hand: nothing goes around a gate.
"""
