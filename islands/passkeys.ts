import { words } from "./words";

type Json = Record<string, unknown>;

function bytes(text: string): ArrayBuffer {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0)).buffer;
}

function text(raw: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(raw));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function decodedList(list: unknown): unknown {
  return (list as { id: string }[] | undefined)?.map((one) => ({ ...one, id: bytes(one.id) }));
}

/** Turn what the server says (base64url) into what the browser wants (bytes). */
export function decoded(options: Json): Json {
  const ready: Json = { ...options, challenge: bytes(options.challenge as string) };
  const user = options.user as { id: string } | undefined;
  if (user) ready.user = { ...user, id: bytes(user.id) };
  for (const name of ["excludeCredentials", "allowCredentials"]) {
    if (options[name]) ready[name] = decodedList(options[name]);
  }
  return ready;
}

/** Turn what the browser answers (bytes) into what the server reads (base64url).
 *
 * Source: W3C Web Authentication level 3, section 5.1 (toJSON). */
export function encoded(credential: PublicKeyCredential): Json {
  const response: Json = {};
  for (const name of [
    "clientDataJSON",
    "attestationObject",
    "authenticatorData",
    "signature",
    "userHandle",
  ]) {
    const raw = (credential.response as unknown as Record<string, ArrayBuffer | null>)[name];
    if (raw) response[name] = text(raw);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function asked(form: HTMLFormElement): Promise<Json> {
  const embedded = form.dataset.embedded;
  if (embedded) return JSON.parse(document.getElementById(embedded)?.textContent ?? "{}");
  const answer = await fetch(form.dataset.options ?? "", {
    headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
  });
  if (answer.redirected || !answer.ok) {
    location.assign(`/preuve/?suite=${encodeURIComponent(location.pathname)}`);
    throw new DOMException("", "AbortError");
  }
  const read = (await answer.json()) as Json;
  return (read.request_options ?? read) as Json;
}

async function answered(form: HTMLFormElement): Promise<Json> {
  const { publicKey } = (await asked(form)) as { publicKey: Json };
  const options = { publicKey: decoded(publicKey) } as unknown;
  const credential =
    form.dataset.passkey === "create"
      ? await navigator.credentials.create(options as CredentialCreationOptions)
      : await navigator.credentials.get(options as CredentialRequestOptions);
  return encoded(credential as PublicKeyCredential);
}

async function send(form: HTMLFormElement): Promise<void> {
  const failure = form.querySelector<HTMLElement>("[data-passkey-error]");
  const field = form.elements.namedItem("credential") as HTMLInputElement;
  if (failure) failure.hidden = true;
  try {
    field.value = JSON.stringify(await answered(form));
    form.submit();
  } catch {
    if (!failure) return;
    failure.textContent = words.passkeyFailed;
    failure.hidden = false;
  }
}

/** Let every `<form data-passkey="get|create">` talk to the browser's passkeys. */
export function startPasskeys(): void {
  const isThere = typeof PublicKeyCredential !== "undefined";
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    const absent = form.querySelector<HTMLElement>("[data-passkey-absent]");
    const button = form.querySelector<HTMLButtonElement>("button");
    if (form.dataset.passkeyOptional !== undefined) form.hidden = !isThere;
    if (absent) absent.hidden = isThere;
    if (button) button.disabled = !isThere;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void send(form);
    });
  }
}
