// The server's JSON API. Nothing here knows a screen.

/** The server said no: `errors` are its sentences, `status` its HTTP status (0 when it could not be reached). */
export class ApiError extends Error {
  constructor(status, errors) {
    super(errors.join(" "));
    this.status = status;
    this.errors = errors;
  }
}

/** Fires "busy" with the number of requests under way, and "session-lost" when the server no longer knows us. */
export const traffic = new EventTarget();

let underWay = 0;

function count(by) {
  underWay += by;
  traffic.dispatchEvent(new CustomEvent("busy", { detail: underWay }));
}

async function ask(method, path, body) {
  count(1);
  try {
    const response = await fetch(`/pms/api/${path}`, {
      method,
      headers: { "X-Requested-With": "XMLHttpRequest", ...(body ? { "Content-Type": "application/json" } : {}) },
      body: body && JSON.stringify(body),
      cache: "no-store",
    });
    return [response, await response.json().catch(() => ({}))];
  } catch {
    throw new ApiError(0, ["The server could not be reached. Please check your connection."]);
  } finally {
    count(-1);
  }
}

/** The answer's JSON. Throws ApiError. */
async function request(method, path, body) {
  const [response, answer] = await ask(method, path, body);
  if (response.ok) return answer;
  const errors = answer.errors?.length ? answer.errors : ["An unexpected error has occurred."];
  const lost = response.status === 401 && !["login", "unlock", "mfa"].includes(path);
  if (lost) traffic.dispatchEvent(new CustomEvent("session-lost"));
  throw new ApiError(response.status, errors);
}

export const get = (path, query = {}) => {
  const search = new URLSearchParams(
    Object.entries(query).filter(([, value]) => value !== null && value !== undefined),
  );
  return request("GET", search.size ? `${path}?${search}` : path);
};
export const post = (path, body = {}) => request("POST", path, body);
export const put = (path, body) => request("PUT", path, body);
