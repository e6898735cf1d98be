// The service worker of alerts: shows what the provider's site sends, opens its page on a click.
// It is served as it stands, so that a browser that never opens the site keeps it up to date.

self.addEventListener("push", (event) => {
  event.waitUntil(show(event.data));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});

async function show(data) {
  const told = data ? data.json() : {};
  await self.registration.showNotification(told.title || "Quenotte", {
    body: told.body || "",
    // The same incident told again takes the place of what was shown.
    tag: told.tag || "quenotte",
    renotify: true,
    requireInteraction: true,
    data: local(told.url),
  });
}

// Pages of this site alone, whatever a message says.
function local(url) {
  const address = new URL(url || "/parc/", self.location.origin);
  return address.origin === self.location.origin ? address.href : self.location.origin;
}

async function open(url) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((one) => one.url === url);
  return there ? there.focus() : self.clients.openWindow(url);
}
