/// <reference lib="webworker" />
/** The one line of this browser: every tab listens to it instead of opening its own. */
import { type Message, Stream } from "./stream";

const ports = new Set<MessagePort>();
let stream: Stream | null = null;

function tellAll(message: Message): void {
  for (const port of ports) port.postMessage(message);
}

function onMessage(port: MessagePort, asked: { kind: string; url?: string }): void {
  if (asked.kind === "bye") {
    ports.delete(port);
    if (ports.size === 0) {
      stream?.close();
      stream = null;
    }
    return;
  }
  ports.add(port);
  if (stream?.isOver) {
    stream.open();
  } else if (stream) {
    port.postMessage({ kind: "state", up: stream.up, gapMs: 0 } satisfies Message);
  } else if (asked.url) {
    stream = new Stream(asked.url, tellAll);
    stream.open();
  }
}

addEventListener("connect", (event) => {
  const port = (event as MessageEvent).ports[0];
  if (!port) return;
  port.onmessage = (message) => onMessage(port, message.data);
});
