// Live changes: one stream of server-sent events for the chosen person, opened again with growing pauses when it breaks.

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;

/** Watch as `person`. `onChange` gets each event, `onBack` runs after a gap, `onState` says whether we are connected. */
export function watch(person, { onChange, onBack, onState }) {
  let source = null;
  let timer = null;
  let pause = FIRST_PAUSE;
  let hadGap = false;

  const connect = () => {
    source = new EventSource(`/sandbox/events?as=${encodeURIComponent(person)}`);
    source.onopen = () => {
      pause = FIRST_PAUSE;
      onState(true);
      if (hadGap) onBack();
      hadGap = false;
    };
    source.onmessage = (event) => onChange(JSON.parse(event.data));
    source.onerror = retry;
  };

  const retry = () => {
    // The browser's own retry has no back-off, so the stream is closed and opened anew.
    source.close();
    hadGap = true;
    onState(false);
    timer = setTimeout(connect, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  };

  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
