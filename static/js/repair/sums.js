// What the visit looks like once all that was done on this phone has arrived. The portal decides; this is shown until then.
// base: {stage, money: {total, cap, agreed}, declined, lines: [{id, device, name, won, count}], prices, devices}.

const AFTER = { arrive: "repairing", ask: "consent", answer: "repairing", finish: "done", break_off: "left", give_back: "left" };

function withDeed(state, { id, deed, body }) {
  const next = { ...state, stage: AFTER[deed] ?? state.stage };
  if (deed === "add_line" && !state.lines.some((line) => line.id === id)) {
    const price = state.prices[body.item];
    if (price) next.lines = [...state.lines, { id, device: body.device, ...price, count: Number(body.count) }];
  }
  if (deed === "remove_line") next.lines = state.lines.filter((line) => line.id !== body.line);
  if (deed === "answer") {
    next.agreed = body.agreed === "yes" ? Number(body.own_won) : 0;
    next.declined = body.agreed === "no";
  }
  if (deed === "photos") next.photos = [...state.photos, body.kind];
  return next;
}

// All deeds of this visit, in order, sent or not, but none that was refused.
export function replay(base, deeds) {
  const start = { ...base, cap: base.money.cap, agreed: base.money.agreed, photos: [] };
  const state = deeds.reduce(withDeed, start);
  const devices = Object.keys(state.devices);
  const sumOf = (lines) => lines.reduce((sum, line) => sum + line.won * line.count, 0);
  // Each device has its share of the cap, as repair/visit_sums.py says.
  const each = Math.floor(state.cap / Math.max(1, devices.length));
  const costs = devices.map((device) => sumOf(state.lines.filter((line) => line.device === device)));
  const city = costs.reduce((sum, won) => sum + Math.min(won, each), 0);
  const total = sumOf(state.lines);
  const own = total - city;
  return { ...state, total, own, city, left: state.cap - city, needsAgreement: own > state.agreed };
}

export const inWon = (won) => `${won.toLocaleString("ko")}원`;
