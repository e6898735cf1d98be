import { expect, it } from "vitest";
import { resultOf, tooBig } from "./results";

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

it("says that nothing is lost and what to do, whatever refused a large file", () => {
  for (const status of [401, 403, 413, 507]) {
    const { done, text } = resultOf(status, "<html>");
    expect(done).toBe(false);
    expect(text).toContain("rien n’est perdu");
    expect(text).toMatch(/déposez-les? /);
  }
});

it("does not take the login page for a success", () => {
  const { done, text } = resultOf(200, '<body class="public"><h1>Connexion</h1>');
  expect(done).toBe(false);
  expect(text).toContain("session est terminée");
});

it("does not send what the server would refuse", () => {
  expect(tooBig(600_000_000, 600_000_000)).toBeNull();
  expect(tooBig(600_000_001, 0)).toBeNull();
  const refused = tooBig(600_000_001, 600_000_000);
  expect(refused?.done).toBe(false);
  expect(refused?.text).toContain("601\u00a0Mo, pour 600\u00a0Mo au plus");
});
