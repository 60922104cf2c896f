"use strict";
// The page brings itself up to date, but not behind an open dialog or in a window nobody looks at.
document.addEventListener("htmx:config:request", (event) => {
  const isPoll = event.detail.ctx.sourceElement.id === "Poll";
  if (isPoll && (document.hidden || document.querySelector("dialog[open]"))) event.preventDefault();
});
