/** Pages that are never fragments: a login page in place of one means the session is over. */
export const PUBLIC_PAGE = /<body[^>]*class="public/;
