const docs = /** @type {HTMLElement} */ (document.querySelector("#docs"));

// @ts-expect-error: the bundle that is loaded before this file has no types.
SwaggerUIBundle({
  url: docs.dataset.schema,
  domNode: docs,
  layout: "BaseLayout",
  deepLinking: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
