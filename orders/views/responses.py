from django.http import HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    """After a POST, for good: the browser goes on with GET."""

    status_code = 303
