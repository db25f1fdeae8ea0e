"""Where Django looks for the office's pages: they register themselves."""

from configurator.office import (  # noqa: F401
    catalogue_admin,
    check_admin,
    funnel_admin,
    gallery_admin,
    label_admin,
    opinion_admin,
    price_admin,
    rule_admin,
)
