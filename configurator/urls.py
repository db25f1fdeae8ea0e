from django.urls import path, register_converter

from configurator import (
    compare_views,
    currency_views,
    design_views,
    keeping_views,
    live_views,
    module_views,
    opinion_views,
    paper_views,
    photo_views,
    preview_views,
    print_views,
    surprise_views,
    views,
    why_views,
    wish_views,
)


class DigestConverter:
    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(DigestConverter, "digest")

app_name = "configurator"

# Whoever opens one of these reads words, so each language has an address of its own (config/languages.py).
pages = [
    path("studio/<slug:family>/", views.studio, name="studio"),
    path("studio/<slug:family>/drawing/", live_views.drawing, name="drawing"),
    path("studio/<slug:family>/<digest:digest>/", views.studio_design, name="studio-design"),
    path("studio/<slug:family>/<digest:digest>/why/<slug:slot>/<slug:module>/", why_views.why, name="why"),
    path("d/<digest:digest>/", design_views.design, name="design"),
    path("d/<digest:digest>/card.pdf", design_views.card, name="card"),
    path("d/<digest:digest>/label.pdf", print_views.label, name="label-print"),
    path("d/<digest:digest>/wrapper.pdf", print_views.wrapper, name="wrapper-print"),
    path("d/<digest:digest>/placement.pdf", print_views.placement, name="placement-print"),
    path("c/", design_views.code, name="code"),
    path("wish/", wish_views.wish, name="wish"),
    path("compare/", compare_views.compare, name="compare"),
    path("wish/facts/", wish_views.wish_facts, name="wish-facts"),
    path("surprise/", surprise_views.begin, name="surprise"),
    path("surprise/<slug:family>/", surprise_views.surprise_pool, name="surprise-pool"),
    path("photos/", photo_views.upload, name="photos"),
    path("modules/", module_views.modules, name="modules"),
    path("m/<slug:module>/", module_views.module, name="module"),
    path("m/<slug:module>/bar/", module_views.start_with, name="module-start"),
    path("mine/", keeping_views.mine, name="mine"),
    path("mine/finished/", keeping_views.finish, name="finish"),
    path("mine/back/", keeping_views.bring_back, name="bring-back"),
    path("mine/<uuid:key>/", keeping_views.finished, name="finished"),
    path("mine/<uuid:key>/copies/", keeping_views.create_copy, name="copies"),
    path("mine/<uuid:key>/name/", keeping_views.rename, name="rename"),
    path("mine/<uuid:key>/visibility/", keeping_views.change_visibility, name="visibility"),
    path("mine/<uuid:key>/deletion/", keeping_views.delete, name="deletion"),
    path("mine/<uuid:key>/shares/", keeping_views.count_share, name="shares"),
    path("mine/<uuid:key>/opinions/", opinion_views.hear, name="opinions"),
    path("mine/<uuid:key>/opinions/link/", opinion_views.change_link, name="opinions-link"),
    path("mine/<uuid:key>/opinions/<int:opinion>/application/", opinion_views.apply, name="opinion-applied"),
    path("mine/<uuid:key>/opinions/<int:opinion>/hiding/", opinion_views.hide, name="opinion-hidden"),
    path("mine/<uuid:key>/opinions/<int:opinion>/report/", opinion_views.report, name="opinion-reported"),
    path("mine/<uuid:key>/checks/", opinion_views.ask_chocolatiers, name="checks"),
    path("mine/<uuid:key>/checks/<int:check>/acceptance/", opinion_views.accept, name="check-accepted"),
    path("opinions/<slug:link>/", opinion_views.give, name="opinion"),
]

# Pictures have one address for all languages.
assets = [
    path("p/<str:digest>/<str:name>", preview_views.preview, name="preview"),
    path("p/own/<str:digest>/<str:name>", preview_views.own_preview, name="own-preview"),
    path(
        "s/<slug:look>/<slug:family>/<int:width>/<slug:module>/",
        live_views.sheets,
        {"keys": ""},
        name="sheets",
    ),
    path("s/<slug:look>/<slug:family>/<int:width>/<slug:module>/<str:keys>.webp", live_views.sheets),
    path(
        "s/<slug:look>/<slug:family>/<int:width>/bodies/<slug:face>/<slug:base>.webp",
        live_views.body,
        name="body",
    ),
    path("currency/", currency_views.choose, name="currency"),
    path("papers/<slug:pattern>/<slug:base>.webp", paper_views.paper, name="paper"),
    path("photos/<digest:digest>/", photo_views.photo, name="photo"),
    path("m/<slug:module>/<str:width>.webp", preview_views.module_picture, name="module-picture"),
]
