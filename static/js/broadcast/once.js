// A form that is sent once, however often one taps. The portal holds by itself; this spares a surprise.

export function sendOnce(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
    form.setAttribute("aria-busy", "true");
  });
  // The page comes back from the browser's memory as it was left.
  window.addEventListener("pageshow", () => {
    sent = false;
    form.removeAttribute("aria-busy");
  });
}

document.querySelectorAll("form[data-once]").forEach(sendOnce);
