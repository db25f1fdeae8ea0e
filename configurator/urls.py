from django.urls import path, register_converter

from configurator.views import (
    compare,
    currency,
    design,
    keeping,
    live,
    module,
    opinion,
    paper,
    photo,
    preview,
    printing,
    studio,
    surprise,
    why,
    wish,
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
    path("studio/<slug:family>/", studio.studio, name="studio"),
    path("studio/<slug:family>/drawing/", live.drawing, name="drawing"),
    path("studio/<slug:family>/<digest:digest>/", studio.studio_design, name="studio-design"),
    path("studio/<slug:family>/<digest:digest>/why/<slug:slot>/<slug:module>/", why.why, name="why"),
    path("d/<digest:digest>/", design.design, name="design"),
    path("d/<digest:digest>/card.pdf", design.card, name="card"),
    path("d/<digest:digest>/label.pdf", printing.label, name="label-print"),
    path("d/<digest:digest>/wrapper.pdf", printing.wrapper, name="wrapper-print"),
    path("d/<digest:digest>/placement.pdf", printing.placement, name="placement-print"),
    path("c/", design.code, name="code"),
    path("wish/", wish.wish, name="wish"),
    path("compare/", compare.compare, name="compare"),
    path("wish/facts/", wish.wish_facts, name="wish-facts"),
    path("surprise/", surprise.begin, name="surprise"),
    path("surprise/<slug:family>/", surprise.surprise_pool, name="surprise-pool"),
    path("photos/", photo.upload, name="photos"),
    path("modules/", module.modules, name="modules"),
    path("m/<slug:module>/", module.module, name="module"),
    path("m/<slug:module>/bar/", module.start_with, name="module-start"),
    path("mine/", keeping.mine, name="mine"),
    path("mine/finished/", keeping.finish, name="finish"),
    path("mine/back/", keeping.bring_back, name="bring-back"),
    path("mine/<uuid:key>/", keeping.finished, name="finished"),
    path("mine/<uuid:key>/copies/", keeping.create_copy, name="copies"),
    path("mine/<uuid:key>/name/", keeping.rename, name="rename"),
    path("mine/<uuid:key>/visibility/", keeping.change_visibility, name="visibility"),
    path("mine/<uuid:key>/deletion/", keeping.delete, name="deletion"),
    path("mine/<uuid:key>/shares/", keeping.count_share, name="shares"),
    path("mine/<uuid:key>/opinions/", opinion.hear, name="opinions"),
    path("mine/<uuid:key>/opinions/link/", opinion.change_link, name="opinions-link"),
    path("mine/<uuid:key>/opinions/<int:opinion>/application/", opinion.apply, name="opinion-applied"),
    path("mine/<uuid:key>/opinions/<int:opinion>/hiding/", opinion.hide, name="opinion-hidden"),
    path("mine/<uuid:key>/opinions/<int:opinion>/report/", opinion.report, name="opinion-reported"),
    path("mine/<uuid:key>/checks/", opinion.ask_chocolatiers, name="checks"),
    path("mine/<uuid:key>/checks/<int:check>/acceptance/", opinion.accept, name="check-accepted"),
    path("opinions/<slug:link>/", opinion.give, name="opinion"),
]

# Pictures have one address for all languages.
assets = [
    path("p/<str:digest>/<str:name>", preview.preview, name="preview"),
    path("p/own/<str:digest>/<str:name>", preview.own_preview, name="own-preview"),
    path(
        "s/<slug:look>/<slug:family>/<int:width>/<slug:module>/",
        live.sheets,
        {"keys": ""},
        name="sheets",
    ),
    path("s/<slug:look>/<slug:family>/<int:width>/<slug:module>/<str:keys>.webp", live.sheets),
    path(
        "s/<slug:look>/<slug:family>/<int:width>/bodies/<slug:face>/<slug:base>.webp",
        live.body,
        name="body",
    ),
    path("currency/", currency.choose, name="currency"),
    path("papers/<slug:pattern>/<slug:base>.webp", paper.paper, name="paper"),
    path("photos/<digest:digest>/", photo.photo, name="photo"),
    path("m/<slug:module>/<str:width>.webp", preview.module_picture, name="module-picture"),
]
