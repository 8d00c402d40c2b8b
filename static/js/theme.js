// Loaded before the page is painted, so that a remembered theme does not flash. "system" is the absence of an entry.
(() => {
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.bsTheme = theme;
  } catch { /* storage may be switched off: the system's theme is used */ }
})();
