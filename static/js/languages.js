// The studio's address changes with the design; the links to it in the other languages follow.

/** @type {HTMLAnchorElement[]} */
const links = [...document.querySelectorAll("a[data-prefix]")].filter((link) => link instanceof HTMLAnchorElement);
const prefix = links.find((link) => link.hasAttribute("aria-current"))?.dataset.prefix ?? "";

for (const moment of ["htmx:pushedIntoHistory", "htmx:replacedInHistory", "htmx:historyRestore"]) {
  document.addEventListener(moment, follow);
}
window.addEventListener("popstate", follow);

function follow() {
  const here = location.pathname.slice(prefix.length) + location.search;
  for (const link of links) link.href = (link.dataset.prefix ?? "") + here;
}
