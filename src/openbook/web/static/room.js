"use strict";
// htmx sends what proves that a form is ours.
document.addEventListener("htmx:config:request", (event) => {
  const token = document.querySelector('meta[name="csrf"]');
  if (token) event.detail.ctx.request.headers["X-CSRF"] = token.content;
});
