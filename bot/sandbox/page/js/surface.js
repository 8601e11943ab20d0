// The surface under a set of blocks: where presses go, where choices come from, and what to say when it fails.

import { createForm } from "./blocks.js";

/**
 * A surface at `where` ({view_id} or {channel, ts}). `blocks()` gives the blocks shown now, so that a press can tell
 * the app what stands in the other fields.
 */
export function createSurface(page, where, blocks, form = createForm()) {
  const { api, toast, look, store } = page;
  return {
    look,
    form,
    async press(element, blockId, what) {
      try {
        await api.post("press", {
          ...where,
          action_id: element.action_id,
          block_id: blockId,
          ...what,
          values: form.states(blocks()),
        });
        store.tell("did", { what: "press", action: element.action_id });
      } catch (error) {
        toast(error.message, "error");
      }
    },
    options: (element, blockId, query) =>
      api.post("options", { ...where, action_id: element.action_id, block_id: blockId, query }),
    async upload(file, length) {
      try {
        return (await api.upload(file, length)).file;
      } catch (error) {
        toast(error.message, "error");
        return null;
      }
    },
  };
}
