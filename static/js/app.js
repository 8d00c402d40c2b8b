// The pages work without this file; it saves reloads. No inline handlers: the policy is script-src 'self'.

const themes = ["system", "light", "dark"];

function currentTheme() {
  return document.documentElement.dataset.bsTheme || "system";
}

function applyTheme(theme) {
  if (theme === "system") delete document.documentElement.dataset.bsTheme;
  else document.documentElement.dataset.bsTheme = theme;
  try {
    if (theme === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch { /* not remembered, still applied */ }
  labelThemeButtons();
}

function labelThemeButtons() {
  const theme = currentTheme();
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    button.hidden = false;
    button.dataset.themeSwitch = theme;
    button.setAttribute("aria-label", `Theme: ${theme}. Switch to ${themes[(themes.indexOf(theme) + 1) % themes.length]}`);
  }
}

// Filtering the checklist: the server marks what does not match as hidden; so does this, without asking it.
function filterChecklist(verdict) {
  for (const item of document.querySelectorAll("[data-item]")) {
    item.hidden = verdict !== "" && item.dataset.item !== verdict;
  }
  for (const holder of document.querySelectorAll("[data-holder]")) {
    holder.hidden = !holder.querySelector("[data-item]:not([hidden])");
  }
  for (const link of document.querySelectorAll("[data-filter]")) {
    if (link.dataset.filter === verdict) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target || !target.matches("[data-item]")) return;
  if (target.hidden) filterChecklist("");
  const details = target.querySelector("details");
  if (details) details.open = true;
  target.scrollIntoView({ block: "start" });
}

function toggleAll(button) {
  const open = button.getAttribute("aria-pressed") !== "true";
  for (const details of document.querySelectorAll("[data-item]:not([hidden]) > details")) details.open = open;
  button.setAttribute("aria-pressed", String(open));
  button.querySelector("span").textContent = open ? "Collapse all" : "Expand all";
}

document.addEventListener("click", (event) => {
  const theme = event.target.closest("[data-theme-switch]");
  if (theme) return applyTheme(themes[(themes.indexOf(currentTheme()) + 1) % themes.length]);
  const toggle = event.target.closest("[data-toggle-all]");
  if (toggle) return toggleAll(toggle);
  const filter = event.target.closest("[data-filter]");
  if (filter && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
    event.preventDefault();
    history.replaceState(null, "", filter.href);
    filterChecklist(filter.dataset.filter);
  }
});

// A second press of a button that starts work must not start it twice.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || event.defaultPrevented) return;
  setTimeout(() => { button.disabled = true; });
  button.setAttribute("aria-busy", "true");
});

// A live page whose session ended, or whose subject is gone, shows that instead of asking for ever.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { status, responseURL } = event.detail.xhr;
  const elsewhere = responseURL && new URL(responseURL).pathname !== location.pathname;
  if (!elsewhere && (status < 400 || status >= 500)) return;
  event.detail.shouldSwap = false;
  location.reload();
});

addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[aria-busy]")) {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
});
addEventListener("hashchange", openTarget);
document.addEventListener("DOMContentLoaded", () => { labelThemeButtons(); openTarget(); });
