from django.urls import path

from orders.views import floor, floor_job, floor_lot, floor_papers

urlpatterns = [
    path("floor/", floor.show_queue, name="floor"),
    path("floor/scan/", floor.scan, name="floor-scan"),
    path("floor/jobs/<str:code>/", floor_job.show_job, name="floor-job"),
    path("floor/jobs/<str:code>/steps/", floor_job.take_step, name="floor-steps"),
    path("floor/jobs/<str:code>/scraps/", floor_job.scrap, name="floor-scraps"),
    path("floor/jobs/<str:code>/holds/", floor_job.hold, name="floor-holds"),
    path("floor/jobs/<str:code>/holds/removal/", floor_job.go_on, name="floor-hold-removal"),
    path("floor/jobs/<str:code>/omission/", floor_job.leave_out, name="floor-omission"),
    path("floor/jobs/<str:code>/lots/", floor_lot.of_bar, name="floor-job-lots"),
    path("floor/jobs/<str:code>/ticket.pdf", floor_papers.ticket, name="floor-ticket"),
    path("floor/jobs/<str:code>/label.pdf", floor_papers.label, name="floor-label"),
    path("floor/jobs/<str:code>/packing-slip.pdf", floor_papers.slip, name="floor-packing-slip"),
    path("floor/jobs/<str:code>/wrapper.pdf", floor_papers.wrapper, name="floor-wrapper"),
    path("floor/jobs/<str:code>/print.pdf", floor_papers.transfer, name="floor-print"),
    path("floor/jobs/<str:code>/placement.pdf", floor_papers.placement, name="floor-placement"),
    path("l/<str:code>/", floor_lot.scanned, name="floor-lot-code"),
    path("j/<str:code>/", floor.scanned, name="floor-ticket-code"),
]
