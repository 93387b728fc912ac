import { expect, test } from "vitest";
import { ApiError } from "./errors";

test("the line for a report ends with the id that the logs have", () => {
  const problem = { code: "internal", detail: "A defect.", request_id: "ff971a1fa398d72e" };
  const error = new ApiError(500, problem, "GET /api/v1/me/ · 500");
  expect(error.request).toBe("GET /api/v1/me/ · 500 · ff971a1fa398d72e");
  expect(error.extras).toEqual({});
});

test("without an id it is the request alone", () => {
  expect(new ApiError(0, { code: "offline" }, "GET /api/v1/me/").request).toBe("GET /api/v1/me/");
});
