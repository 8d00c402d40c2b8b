class Refused(Exception):
    """Something the user asked for is not possible now; the message is one sentence that says what to do."""
