from django.urls import path

from orders.views import floor, floor_equipment, floor_job, floor_lot, floor_papers, floor_runs

urlpatterns = [
    path("floor/", floor.show_queue, name="floor"),
    path("floor/scan/", floor.scan, name="floor-scan"),
    path("floor/jobs/<str:code>/", floor_job.show_job, name="floor-job"),
    path("floor/jobs/<str:code>/steps/", floor_job.take_step, name="floor-steps"),
    path("floor/jobs/<str:code>/steps/removal/", floor_job.take_back, name="floor-step-removal"),
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
    path("floor/runs/", floor_runs.show_runs, name="floor-runs"),
    path("floor/runs/beginning/", floor_runs.begin, name="floor-run-beginning"),
    path("floor/runs/<int:run_id>/melting/", floor_runs.melt, name="floor-run-melting"),
    path("floor/runs/<int:run_id>/strips/", floor_runs.take_strip, name="floor-run-strips"),
    path("floor/runs/<int:run_id>/judgements/", floor_runs.judge, name="floor-run-judgements"),
    path("floor/runs/<int:run_id>/closing/", floor_runs.close, name="floor-run-closing"),
    path("floor/equipment/", floor_equipment.show_all, name="floor-equipment"),
    path("floor/equipment/<str:key>/", floor_equipment.show, name="floor-place"),
    path("floor/equipment/<str:key>/cleanings/", floor_equipment.clean, name="floor-place-cleanings"),
    path(
        "floor/equipment/<str:key>/cleanings/<int:cleaning_id>/swabs/",
        floor_equipment.verify,
        name="floor-place-swabs",
    ),
    path("floor/equipment/<str:key>/contacts/", floor_equipment.met, name="floor-place-contacts"),
    path("j/<str:code>/", floor.scanned, name="floor-ticket-code"),
]
