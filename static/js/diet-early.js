// Before the cards are painted: who has a filter sees them when it is known which ones stay, and nothing jumps.
(() => {
  try {
    if (localStorage.getItem("diet")) document.documentElement.dataset.filtering = "";
  } catch {
    // A browser that keeps nothing has no filter.
  }
})();
