"""The whole shop on one machine: installs, prepares, starts and stops what bin/dev and the tests need.

`__main__`, `installation`, `preparation`, `children` and `stack` run before anything is installed, so they use
Python's own library only.
"""
