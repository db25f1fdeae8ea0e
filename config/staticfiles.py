from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModulesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise ships no types
    """Hashed names for every static file, also inside the imports of ES modules."""

    support_js_module_import_aggregation = True
