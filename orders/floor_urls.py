from django.urls import path

from orders.views import floor

urlpatterns = [
    path("floor/", floor.show_queue, name="floor"),
    path("floor/scan/", floor.scan, name="floor-scan"),
    path("floor/jobs/<str:code>/", floor.show_job, name="floor-job"),
    path("floor/jobs/<str:code>/steps/", floor.take_step, name="floor-steps"),
    path("floor/jobs/<str:code>/scraps/", floor.scrap, name="floor-scraps"),
    path("floor/jobs/<str:code>/holds/", floor.hold, name="floor-holds"),
    path("floor/jobs/<str:code>/holds/removal/", floor.go_on, name="floor-hold-removal"),
    path("floor/jobs/<str:code>/omission/", floor.leave_out, name="floor-omission"),
    path("floor/jobs/<str:code>/ticket.pdf", floor.ticket, name="floor-ticket"),
    path("floor/jobs/<str:code>/label.pdf", floor.label, name="floor-label"),
    path("floor/jobs/<str:code>/wrapper.pdf", floor.wrapper, name="floor-wrapper"),
    path("floor/jobs/<str:code>/print.pdf", floor.transfer, name="floor-print"),
    path("floor/jobs/<str:code>/placement.pdf", floor.placement, name="floor-placement"),
    path("j/<str:code>/", floor.scanned, name="floor-ticket-code"),
]
