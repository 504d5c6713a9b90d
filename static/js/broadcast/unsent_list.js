// "보내지 않은 녹음이 있습니다": to hear, to send on, to throw away.

import { forget } from "./unsent.js";

function element(name, attributes, ...children) {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
}

function when(at) {
  return new Intl.DateTimeFormat("ko", { month: "long", day: "numeric", hour: "numeric", minute: "numeric" }).format(at);
}

export function offer(recordings, { send, busy }) {
  const section = document.getElementById("unsent");
  const list = document.getElementById("unsent-list");
  const whole = recordings.filter((each) => each.blob?.size);
  section.hidden = whole.length === 0;
  list.replaceChildren(
    ...whole.map((each) => {
      const name = `${when(each.at)}, ${Math.round(each.seconds)}초`;
      const item = element("li", {});
      const sound = element("audio", { controls: true, className: "sound", src: URL.createObjectURL(each.blob) });
      sound.setAttribute("aria-label", `${name} 녹음 듣기`);
      const go = element("button", { type: "button", className: "krds-btn medium primary" }, "이어서 보내기");
      const away = element("button", { type: "button", className: "krds-btn medium tertiary" }, "지우기");
      go.addEventListener("click", () => {
        if (busy()) return;
        section.hidden = true;
        document.getElementById("record").focus();
        send(each);
      });
      away.addEventListener("click", async () => {
        if (!window.confirm("이 녹음을 지울까요? 지우면 되살릴 수 없습니다.")) return;
        await forget(each.key);
        item.remove();
        section.hidden = list.children.length === 0;
        document.getElementById("record").focus();
      });
      item.append(element("p", {}, name), sound, element("p", { className: "buttons" }, go, away));
      return item;
    }),
  );
}
