// Sends a kept recording to the portal.

const ENDINGS = { "audio/webm": "webm", "audio/mp4": "m4a", "audio/ogg": "ogg" };
const PATIENCE_MS = 90_000;
const LOST = "보내지 못했습니다. 녹음은 이 기기에 남아 있습니다. 통신이 되는 곳에서 ‘이어서 보내기’를 눌러 주세요.";
const BUSY = "지금은 보낼 수 없습니다. 녹음은 이 기기에 남아 있습니다. 잠시 뒤 ‘이어서 보내기’를 눌러 주세요.";
const KEPT = "녹음은 그대로 있습니다. 고친 뒤 ‘이어서 보내기’를 눌러 주세요.";
const OUT = "로그인이 끝났습니다. 녹음은 이 기기에 남아 있습니다. 다시 로그인하면 이어서 보낼 수 있습니다.";

// The token of now: it changes when somebody signs in again, perhaps in another tab.
function csrfToken(form) {
  const cookie = document.cookie.split("; ").find((each) => each.startsWith("csrftoken="));
  return cookie ? cookie.slice("csrftoken=".length) : form.elements.csrfmiddlewaretoken.value;
}

// {review} | {error, signedOut?, badSound?}. `badSound`: the portal listened and will not take it; trying again is of
// no use. Any other mistake is put right on the page, and the same recording sent on.
export async function upload(recording, form) {
  const body = new FormData();
  recording.fields.forEach(([name, value]) => body.append(name, value));
  const type = recording.blob.type.split(";")[0];
  body.append("key", recording.key);
  body.append("sound", recording.blob, `recording.${ENDINGS[type] ?? "bin"}`);
  let response;
  try {
    response = await fetch(form.dataset.recordings, {
      method: "POST",
      body,
      headers: { Accept: "application/json", "X-CSRFToken": csrfToken(form) },
      signal: AbortSignal.timeout?.(PATIENCE_MS),
    });
  } catch {
    return { error: LOST };
  }
  const answer = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : null;
  if (response.status === 201 && answer) return answer;
  if (response.status === 401 || response.status === 403 || response.redirected) {
    return { error: answer?.error ?? OUT, signedOut: true };
  }
  if (response.status === 422 || response.status === 413) {
    if (answer?.sound_is_bad) return { error: answer.error, badSound: true };
    if (answer?.error) return { error: `${answer.error} ${KEPT}` };
  }
  return { error: BUSY };
}
