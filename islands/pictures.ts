/** Open pictures over the page instead of leaving it: what is typed there stays there. */
export function startPictures(): void {
  document.addEventListener("click", (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-viewer]");
    if (!link) return;
    event.preventDefault();
    void import("./viewer/overlay")
      .then(({ openOverlay }) => openOverlay(link))
      .catch(() => location.assign(link.href));
  });
}
