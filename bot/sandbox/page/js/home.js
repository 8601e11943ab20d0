// The app's Home: the view that it made for this person, drawn anew whenever the app publishes another.

import { createForm, renderBlocks } from "./blocks.js";
import { fill, h, keepingFocus } from "./dom.js";
import { icon } from "./icons.js";
import { createSurface } from "./surface.js";

/**
 * Returns {open(), reload(), openMessages(), reset()}; `open` tells the app that the person looks at Home, `reload`
 * only fetches.
 */
export function createHome(page, node) {
  let shown = null;
  let form = createForm();

  async function fetchView(quiet) {
    const person = page.store.personId;
    const { view } = await page.api.get("home", { quiet: quiet ? 1 : null });
    if (person === page.store.personId) draw(view);
  }
  function draw(view) {
    const signature = JSON.stringify([view?.id, view?.hash, view?.blocks, page.store.personId]);
    if (signature === shown) return;
    shown = signature;
    const scroll = node.scrollTop;
    keepingFocus(node, () => fill(node, view ? viewNode(view) : empty(page)));
    node.scrollTop = scroll;
  }
  function viewNode(view) {
    const surface = createSurface(page, { view_id: view.id }, () => view.blocks, form);
    return h("div", { class: "home-sheet" }, renderBlocks(view.blocks, surface));
  }
  function reset() {
    shown = null;
    form = createForm();
    fill(node);
  }
  // In Slack the app hears of it, too, when somebody opens its messages.
  const openMessages = () => page.api.get("home", { tab: "messages" });
  return { open: () => fetchView(false), reload: () => fetchView(true), openMessages, reset };
}

function empty(page) {
  const isConnected = page.store.world.connected;
  return h(
    "div",
    { class: "empty" },
    icon("home"),
    h(
      "p",
      {},
      isConnected
        ? "The app has not made a Home for you yet. It will appear here."
        : "The app is not connected, so it has no Home to show. Start it, and this page will notice.",
    ),
  );
}
