/** How a page gives way to another: one place, that tests can hold. */
export const leaving = {
  /** Ask for this page again. */
  again: (): void => location.reload(),
  /** Go where the server says. */
  to: (url: string): void => location.assign(url),
};
