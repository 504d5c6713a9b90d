// The live part of the status page: htmx draws it anew; here is what those hear who do not see it.

const news = document.getElementById("news");
const cutOff = document.getElementById("cut-off");

document.body.addEventListener("htmx:afterSwap", () => {
  cutOff.hidden = true;
  const said = document.querySelector("#live [data-news]").dataset.news;
  // Only when it is new: the same words every two seconds would be noise.
  if (news.textContent !== said) news.textContent = said;
  // Nothing is left that could be stopped.
  document.getElementById("stop-row")?.toggleAttribute("hidden", Boolean(document.querySelector("#live [data-over]")));
});
["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach((name) =>
  document.body.addEventListener(name, () => {
    cutOff.hidden = false;
  }),
);
