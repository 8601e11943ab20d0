// The sandbox's control API: one function per door, and one error whose message can be shown as it is.

const UNREACHABLE = "The sandbox did not answer. Is it still running in your terminal?";

/** Something the sandbox refused; `message` is a whole sentence for people. */
class ApiError extends Error {
  constructor(message, body = {}) {
    super(message);
    this.body = body;
  }
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new ApiError(UNREACHABLE);
  }
  const body = await response
    .json()
    .catch(() => ({ ok: false, error: `The sandbox answered with ${response.status}.` }));
  if (body.ok === false) throw new ApiError(body.error ?? `The sandbox answered with ${response.status}.`, body);
  return body;
}

/** The API as `who()` sees it: every call carries the person this page is at that moment. */
export function createApi(who) {
  const get = (path, query = {}) => ask(`/sandbox/${path}?${new URLSearchParams(present({ as: who(), ...query }))}`);
  const post = (path, body = {}) =>
    ask(`/sandbox/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(present({ as: who(), ...body })),
    });
  return { get, post, upload: (file, lengthMs) => upload(who(), file, lengthMs) };
}

function upload(as, file, lengthMs) {
  const form = new FormData();
  form.append("as", as);
  // The server reads the fields in order, so what describes the file goes before it.
  if (lengthMs) form.append("duration_ms", String(lengthMs));
  form.append("file", file, file.name);
  return ask("/sandbox/files", { method: "POST", body: form });
}

const present = (fields) => Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== null && v !== undefined));
