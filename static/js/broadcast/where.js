// Which villages: shows the list when it counts, finds by name, adds up whom it reaches.

const list = document.getElementById("where-list");
const sum = document.getElementById("reach");
const all = document.getElementById("where-all");
const some = document.getElementById("where-some");
const number = new Intl.NumberFormat("ko");

const boxes = (root) => [...root.querySelectorAll("input[name=villages]")];
const ofDistrict = (village) => village.closest(".where-district")?.querySelector("[data-district]");

function tell(villages, speakers, homes) {
  sum.querySelector("strong").textContent = villages ? `${number.format(villages)}개 마을` : "마을을 골라 주세요";
  sum.querySelector("span").textContent = villages
    ? `스피커 ${number.format(speakers)}대` + (homes ? ` · ${number.format(homes)}가구` : "")
    : "";
}

function addUp() {
  if (all) list.hidden = all.checked;
  if (all?.checked) {
    tell(...["villages", "speakers", "homes"].map((name) => Number(sum.dataset[name])));
    return;
  }
  const chosen = boxes(list).filter((each) => each.checked || ofDistrict(each)?.checked);
  const total = (name) => chosen.reduce((before, each) => before + Number(each.dataset[name]), 0);
  tell(chosen.length, total("speakers"), total("homes"));
}

function narrow(words) {
  const wanted = words.trim();
  list.querySelectorAll("li[data-name]").forEach((each) => {
    each.hidden = !each.dataset.name.includes(wanted);
  });
  list.querySelectorAll(".where-district").forEach((each) => {
    const found = each.querySelector("li:not([hidden])");
    each.hidden = !found;
    each.querySelector("details").open = Boolean(found && wanted);
  });
}

if (list) {
  list.addEventListener("change", (event) => {
    // A whole district, and one village taken out of it: the others stay.
    const district = event.target.name === "villages" ? ofDistrict(event.target) : event.target;
    const its = boxes(event.target.closest(".where-district") ?? list);
    if (event.target.matches("[data-district]")) {
      its.forEach((each) => {
        each.checked = district.checked;
      });
    } else if (district) {
      district.checked = its.every((each) => each.checked);
    }
    addUp();
  });
  [all, some].forEach((each) => each?.addEventListener("change", addUp));
  // Without this script, a district counts by its own box; with it, the villages show it.
  list.querySelectorAll("[data-district]:checked").forEach((district) => {
    boxes(district.closest(".where-district")).forEach((each) => {
      each.checked = true;
    });
  });
  const search = document.getElementById("find-village");
  if (search) {
    document.getElementById("where-find").hidden = false;
    search.addEventListener("input", () => narrow(search.value));
    search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  }
  addUp();
}
