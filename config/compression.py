from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

WORDS = ("text/", "application/json", "application/problem+json", "application/xml", "image/svg+xml")


class WordsCompressed(GZipMiddleware):
    """Pictures and papers are compressed by what they are; a page of words shrinks to a quarter."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.get("Content-Type", "").startswith(WORDS):
            return super().process_response(request, response)
        return response
