// What was typed stays until it is in the portal: a session that ended, or a lost network, takes no text along.
// Kept for this tab only and for this user: an office PC is shared. Without this script nothing is kept.
// <form data-typed="compose" data-user="7">: its textareas. <… data-typed-done="compose">: the portal has them now.

const RESTORED = "적다가 보내지 않은 글을 되살렸습니다. 보내기 전에 확인해 주세요.";

// Above the field, seen and heard.
function say(area) {
  const said = document.createElement("p");
  Object.assign(said, { id: `${area.id}_restored`, className: "restored", role: "status", textContent: RESTORED });
  area.before(said);
  const described = [area.getAttribute("aria-describedby"), said.id].filter(Boolean).join(" ");
  area.setAttribute("aria-describedby", described);
  for (let around = area.closest("details"); around; around = around.parentElement.closest("details")) {
    around.open = true;
  }
}

function keepTyped(form) {
  const place = `typed ${form.dataset.typed} ${form.dataset.user}`;
  form.querySelectorAll("textarea[name]").forEach((area) => {
    const name = `${place} ${area.name}`;
    const kept = sessionStorage.getItem(name);
    // A form that came back with a mistake holds what was typed last.
    const refused = document.querySelector(".errors") !== null;
    if (kept && !refused && kept.trim() !== area.value.trim()) {
      area.value = kept;
      say(area);
    }
    const keep = () => {
      if (area.value.trim()) sessionStorage.setItem(name, area.value);
      else sessionStorage.removeItem(name);
    };
    area.addEventListener("input", keep);
    form.addEventListener("submit", keep);
  });
}

function forget(place) {
  Object.keys(sessionStorage)
    .filter((name) => name.startsWith(`typed ${place} `))
    .forEach((name) => sessionStorage.removeItem(name));
}

try {
  document.querySelectorAll("[data-typed-done]").forEach((each) => forget(each.dataset.typedDone));
  document.querySelectorAll("form[data-typed]").forEach(keepTyped);
} catch {
  // A browser that stores nothing still sends.
}
