import { make } from "../dom";
import { shotOf } from "./shots";
import { listenKeys, Viewer } from "./viewer";
import { words } from "./words";

function linksAround(link: HTMLAnchorElement): HTMLAnchorElement[] {
  const place = link.closest("[data-pictures], ul, ol") ?? link;
  const found = [...place.querySelectorAll<HTMLAnchorElement>("a[data-viewer]")];
  // One picture may have two links, its image and its name.
  const seen = new Set<string>();
  return found.filter((each) => !seen.has(each.pathname) && Boolean(seen.add(each.pathname)));
}

/** Show pictures over the page; the page, and what is typed in it, waits underneath. */
export function openOverlay(opened: HTMLAnchorElement): void {
  const links = linksAround(opened);
  const at = (url: string) => links.find((link) => link.pathname === url);
  const dialog = make("dialog", { class: "viewer-dialog", "aria-label": words.picture });
  const root = make("div", { "data-picture": opened.dataset.picture });
  dialog.append(root);
  document.body.append(dialog);
  const title = document.title;

  const viewer = new Viewer(root, {
    go: (url) => show(at(url)),
    close: () => history.back(),
    shotAt: (url) => {
      const link = at(url);
      return link ? shotOf(link, links) : null;
    },
  });

  function show(link: HTMLAnchorElement | undefined): void {
    if (!link) return;
    root.dataset.picture = link.dataset.picture ?? "";
    history.replaceState({ viewer: true }, "", link.pathname);
    void viewer.show(shotOf(link, links));
  }

  function leave(): void {
    stopKeys();
    dialog.remove();
    document.title = title;
    const shown = links.find((link) => link.dataset.picture === root.dataset.picture);
    (shown?.isConnected ? shown : opened).focus();
  }

  const stopKeys = listenKeys(viewer);
  // The address is the picture's own: reloading, sharing with a colleague and « back » all work.
  history.pushState({ viewer: true }, "", opened.pathname);
  window.addEventListener("popstate", leave, { once: true });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    history.back();
  });
  dialog.showModal();
  root.querySelector("canvas")?.focus();
  show(links.find((link) => link.pathname === opened.pathname));
}
