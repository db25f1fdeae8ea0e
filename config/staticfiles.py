from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModulesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names for every static file, also inside the imports of ES modules."""

    support_js_module_import_aggregation = True
