// Comfort only: every task works without this file.
"use strict";

// After an error the summary is the first thing heard.
const errors = document.querySelector(".errors");
if (errors) errors.focus();

// A waiting page asks for its state and goes on by itself.
// <form data-poll="/login/state"> … <p role="status">: the answer is JSON {state, text?, next?}.
const waiting = document.querySelector("form[data-poll]");
if (waiting) {
  const status = document.querySelector('[role="status"]');
  let pause = 2000;
  const ask = async () => {
    try {
      const answer = await fetch(waiting.dataset.poll, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (answer.ok) {
        const { state, text } = await answer.json();
        if (text && status && status.textContent !== text) status.textContent = text;
        if (state !== "waiting") {
          const press = waiting.querySelector("button");
          return press ? waiting.requestSubmit(press) : waiting.requestSubmit();
        }
      } else if (answer.status === 404 || answer.status === 410) {
        return;
      }
    } catch {
      pause = Math.min(pause * 2, 15000);
    }
    setTimeout(ask, document.hidden ? 5000 : pause);
  };
  setTimeout(ask, pause);
}

// What the form was sent with once is not sent twice by an impatient finger.
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
