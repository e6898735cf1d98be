import type { Shot } from "./viewer";

/** Return the shot of a picture page's address: its description and its pixels lie below it. */
export function shotAt(url: string): Shot {
  const base = url.endsWith("/") ? url : `${url}/`;
  return {
    metaUrl: `${base}meta.json`,
    frameUrl: `${base}frame`,
    title: "",
    previous: "",
    next: "",
  };
}

/** Return the shot of one link among those of its strip. */
export function shotOf(link: HTMLAnchorElement, links: HTMLAnchorElement[]): Shot {
  const place = links.indexOf(link);
  return {
    ...shotAt(link.pathname),
    title: titleOf(link),
    previous: links[place - 1]?.pathname ?? "",
    next: links[place + 1]?.pathname ?? "",
  };
}

function titleOf(link: HTMLAnchorElement): string {
  return link.dataset.title ?? (link.querySelector("img")?.alt || link.textContent.trim());
}
