from django.apps import AppConfig


class Floor(AppConfig):
    name = "bench.peers.floor"
    label = "floor"
