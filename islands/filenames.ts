/** Write the name of the chosen file beside its button, in the page's own words. */
export function startFileNames(): void {
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file") return;
    const shown = input.parentElement?.querySelector<HTMLElement>("[data-file-name]");
    if (!shown) return;
    shown.dataset.nothing ??= shown.textContent ?? "";
    const names = Array.from(input.files ?? [], (file) => file.name);
    shown.textContent = names.join(", ") || shown.dataset.nothing;
  });
}
