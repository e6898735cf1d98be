import { expect, test } from "vitest";
import { bytesOf, nameOf, textOf } from "./keys";

test("a key comes back as it was written", () => {
  const text = "BTBZMqHH6r4Tts7J_aSIgg-_";
  expect(textOf(bytesOf(text).buffer)).toBe(text);
  expect(textOf(null)).toBe("");
});

test("a browser has the name that people know", () => {
  expect(nameOf("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0")).toBe(
    "Firefox, Windows",
  );
  expect(nameOf("Mozilla/5.0 (X11; Linux x86_64) Chrome/140 Safari/537 Edg/140")).toBe(
    "Edge, Linux",
  );
  expect(nameOf("curl/8")).toBe("");
});
