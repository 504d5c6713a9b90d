// Sends what is kept, in order. Each deed carries its id, so that sending it twice does it once.

import { forget, keptOf, refuse } from "./unsent.js";

const PATIENCE_MS = 30_000;
const AT_ONCE = 20;
// Addresses of visits of which the portal said that they are over.
export const over = new Set();

// The token of now: it changes when somebody signs in again, perhaps in another tab.
function csrfToken() {
  const cookie = document.cookie.split("; ").find((each) => each.startsWith("csrftoken="));
  return cookie ? cookie.slice("csrftoken=".length) : document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

const ago = (deed) => (Date.now() - deed.at) / 1000;

function asForm(photo) {
  const body = new FormData();
  body.append("id", photo.id);
  body.append("ago", ago(photo));
  Object.entries(photo.body).forEach(([name, value]) => body.append(name, value));
  body.append("photos", photo.blob, photo.name);
  return body;
}

const asJson = (deeds) =>
  JSON.stringify({ deeds: deeds.map((each) => ({ id: each.id, deed: each.deed, body: each.body, ago: ago(each) })) });

// {answers} | {lost} | {signedOut} | {error}: the portal will never take it.
async function post(deeds) {
  const [first] = deeds;
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  if (!first.blob) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(`${first.url}${first.blob ? "photo" : "sent"}/`, {
      method: "POST",
      body: first.blob ? asForm(first) : asJson(deeds),
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout?.(PATIENCE_MS),
    });
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
      return { signedOut: true };
    }
    const answer = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : null;
    if (response.ok && answer) return answer;
    if ([404, 413, 422].includes(response.status)) {
      return { error: answer?.error ?? "보낼 수 없습니다. 시청에 전화로 알려 주세요." };
    }
  } catch {
    // No line, or it broke off: the same deeds go again later.
  }
  return { lost: true };
}

// The first of them, and as many as may go along: photos go alone, deeds with those of the same visit.
function next(waiting) {
  const [first] = waiting;
  if (first.blob) return [first];
  const end = waiting.findIndex((each) => each.blob || each.url !== first.url);
  return waiting.slice(0, Math.min(end < 0 ? waiting.length : end, AT_ONCE));
}

// "sent" (nothing waits any more) | "lost" | "signedOut".
export async function sendAll(user) {
  for (;;) {
    const waiting = (await keptOf(user)).filter((each) => !each.trouble);
    if (waiting.length === 0) return "sent";
    const going = next(waiting);
    const said = await post(going);
    if (said.lost) return "lost";
    if (said.signedOut) return "signedOut";
    if (said.open === false) over.add(going[0].url);
    for (const deed of going) {
      const answer = said.answers?.find((each) => each.id === deed.id);
      const trouble = said.error ?? (answer?.status === "refused" ? answer.words : "");
      if (trouble) await refuse(deed, trouble);
      else if (answer) await forget(deed.n);
      else return "lost";
    }
  }
}
