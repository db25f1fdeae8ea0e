"""Which bars are made on which day, on which temperer and in which order: plain values and functions.

Times are whole seconds; what day it is, what is due and what stands in the kitchen is passed in.
"""
