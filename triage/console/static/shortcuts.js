// Keys that spare the way with the mouse. They can be switched off, for who speaks to the computer or touches keys by
// chance (WCAG 2.1.4); the page "Keyboard shortcuts" lists them and has the switch.

const KEPT = "ask311-shortcuts";
const TOGETHER_MS = 1_200; // the second key of two

const shortcuts = JSON.parse(document.body.dataset.shortcuts);
const areOn = () => localStorage.getItem(KEPT) !== "off";
let first = "";
let since = 0;

const doing = {
  go: (to) => location.assign(to),
  focus: (what) => document.querySelector(what)?.focus(),
  press: (what) => document.querySelector(what)?.click(),
  open: (what) => {
    const place = document.querySelector(what);
    if (!place) return;
    place.open = true;
    place.scrollIntoView({ block: "nearest" });
    place.querySelector("textarea, select, input:not([type=hidden])")?.focus();
  },
  row: (step) => {
    const rows = [...document.querySelectorAll("[data-rows] tbody th a")];
    const at = rows.indexOf(document.activeElement);
    rows[Math.max(0, Math.min(rows.length - 1, at + Number(step)))]?.focus();
  },
  list: () => document.getElementById("shortcuts")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (!areOn() || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
  const both = event.timeStamp - since < TOGETHER_MS ? `${first} ${event.key}` : "";
  const found = shortcuts.find(({ keys }) => keys === both) ?? shortcuts.find(({ keys }) => keys === event.key);
  first = event.key;
  since = event.timeStamp;
  if (!found) return;
  event.preventDefault();
  first = "";
  const [verb, what] = found.does.split(/:(.*)/);
  doing[verb](what);
});

for (const button of document.querySelectorAll("[data-shortcuts-switch]")) {
  const says = () => {
    button.textContent = areOn() ? "Switch the shortcuts off" : "Switch the shortcuts on";
    for (const told of document.querySelectorAll("[data-shortcuts-state]")) {
      told.textContent = areOn() ? "The shortcuts are on in this browser." : "The shortcuts are off in this browser.";
    }
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    localStorage.setItem(KEPT, areOn() ? "off" : "on");
    says();
  });
  says();
}
