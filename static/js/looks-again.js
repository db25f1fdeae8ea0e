// Something is being worked on: the page looks for itself how far it is. Without scripts its link does.
const SOON = 1500;

if (document.querySelector("[data-looks-again]")) window.setTimeout(() => location.reload(), SOON);
