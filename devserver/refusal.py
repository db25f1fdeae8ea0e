class CannotStart(Exception):
    """What stands in the way, in one sentence that names the way out."""
