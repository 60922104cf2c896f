"use strict";
// The page brings itself up to date, but not behind an open dialog or in a window nobody looks at.
document.addEventListener("htmx:config:request", (event) => {
  const isPoll = event.detail.ctx.sourceElement.id === "Poll";
  if (isPoll && (document.hidden || document.querySelector("dialog[open]"))) event.preventDefault();
});
// What a failed look gives (logged out, room stopped) must not stand on the page.
document.addEventListener("htmx:before:swap", (event) => {
  const ctx = event.detail.ctx;
  if (ctx.sourceElement.id === "Poll" && ctx.response && ctx.response.status !== 200) event.preventDefault();
});
