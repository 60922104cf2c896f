"use strict";
// What is selected becomes a quote: the server takes the document's words, and we ask what for.
Reading.quote = (() => {
  const { one } = Reading;
  const here = one("#QuoteHere"), tab = one("#QuoteTab"), dialog = one("#QuoteDialog"), form = one("#Draft");
  const isLocked = "locked" in form.dataset;

  function place() {
    const chosen = isLocked || dialog.open ? null : Reading.viewer.selection();
    here.hidden = tab.hidden = !chosen;
    if (!chosen) return;
    const rects = getSelection().getRangeAt(0).getClientRects(), last = rects[rects.length - 1];
    if (!last) return;
    const pane = one("#Left").getBoundingClientRect();
    const left = Math.min(Math.max(last.right - 40, pane.left + 8), pane.right - here.offsetWidth - 16);
    const below = last.bottom + 8 + here.offsetHeight < pane.bottom;
    here.style.left = `${left}px`;
    here.style.top = `${Math.max(pane.top + 8, below ? last.bottom + 8 : last.top - here.offsetHeight - 8)}px`;
  }

  async function take() {
    const chosen = Reading.viewer.selection();
    if (!chosen || isLocked) return;
    await open(chosen);
  }

  async function open(values) {
    const answer = await Reading.post(`${form.dataset.at}/take`, values);
    if (!answer) return;
    const target = one("#Quoting");
    target.innerHTML = answer;
    htmx.process(target);
    shown();
  }

  function shown() {
    here.hidden = tab.hidden = true;
    if (!dialog.open) dialog.showModal();
    const stands = one("[data-stands=yes]", dialog);
    (stands ? one("input[name=supports]", dialog) : one("#QuoteText")).focus();
  }

  function kept() {
    if (!dialog.open) return;
    dialog.close();
    getSelection().removeAllRanges();
  }

  let timer = 0;
  document.addEventListener("selectionchange", () => { clearTimeout(timer); timer = setTimeout(place, 120); });
  one("#Viewer").addEventListener("scroll", () => { here.hidden = true; clearTimeout(timer); timer = setTimeout(place, 200); }, { passive: true });
  // Before the press the selection would be gone.
  for (const button of [here, tab]) {
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", take);
  }
  dialog.addEventListener("click", (event) => {
    if (event.target.closest(".cancel")) dialog.close();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) one("#QuoteForm")?.requestSubmit();
  });
  return { take, open, shown, kept };
})();
