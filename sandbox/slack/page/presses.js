// Sends what people press and choose in blocks to the workspace.

import { act, Unreachable } from "./api.js";

/**
 * The `press` of a context. `place` is { channel, ts } of a message or { view_id } of a view; `all` gives what is
 * filled in there at the moment. Answers { ok: true } or { ok: false, error }.
 */
export const pressIn =
  (place, user, all = () => ({})) =>
  async (block, element, selected) => {
    const body = { user, ...place, block_id: block.block_id, action_id: element.action_id, values: all() };
    if (selected) body.value = selected;
    try {
      return await act("press", body);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      return { ok: false, error: "unreachable" };
    }
  };
