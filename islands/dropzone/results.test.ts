import { expect, it } from "vitest";
import { resultOf } from "./results";

it("lets the server's sentence speak first", () => {
  expect(resultOf(200, '{"message":"Image ajoutée."}')).toEqual({
    done: true,
    text: "Image ajoutée.",
  });
  expect(resultOf(422, '{"message":"Format inconnu."}').text).toBe("Format inconnu.");
});

it("says something in French when the server says nothing", () => {
  expect(resultOf(0, "").text).toContain("connexion");
  expect(resultOf(413, "<html>").text).toContain("volumineux");
  expect(resultOf(500, "").done).toBe(false);
  expect(resultOf(204, "").text).toBe("Reçu");
});
