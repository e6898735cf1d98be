const YEAR_S = 31_536_000;

type Theme = "light" | "dark";

/** Return what the page shows now: the choice of the person, else that of the system. */
export function currentTheme(root: HTMLElement, systemIsDark: boolean): Theme {
  const chosen = root.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return systemIsDark ? "dark" : "light";
}

/** Change light and dark; the cookie lets the server draw the next page right at once. */
export function startTheme(): void {
  document.addEventListener("click", (event) => {
    if (!(event.target as Element).closest("[data-theme-toggle]")) return;
    const root = document.documentElement;
    const system = matchMedia("(prefers-color-scheme: dark)").matches;
    const next = currentTheme(root, system) === "dark" ? "light" : "dark";
    root.dataset.theme = next;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is missing in Firefox ESR
    document.cookie = `theme=${next}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax${secure}`;
  });
}
