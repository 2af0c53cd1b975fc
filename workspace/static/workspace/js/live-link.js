// How hints arrive: one stream per browser where there is one, else a question every 30 seconds.
const POLL = 30_000;
const PATIENCE = 25_000; // the stream speaks every 15 seconds

export const clock = (moment) => new Date(moment).toTimeString().slice(0, 5);

export function connect({ since, user, changes, stream }, receive) {
  let last = 0;
  let heardAt = Date.now();
  let streamAt = 0;
  let brokenAt = 0;
  let timer;
  const seen = new Set();

  // Events may come twice, and late behind others: what counts is whether they were seen.
  function take(batch) {
    last = Math.max(last, batch.last);
    const fresh = batch.changes.filter((hint) => {
      const key = `${hint.event} ${hint.type} ${hint.id}`;
      return !seen.has(key) && seen.add(key);
    });
    for (const key of seen) if (seen.size > 2000) seen.delete(key); else break;
    if (fresh.length || batch.refresh) receive(fresh, batch.refresh);
  }

  const heard = () => { heardAt = Date.now(); brokenAt = 0; };
  const broken = () => { brokenAt ||= Date.now(); };

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(() => (Date.now() - streamAt < PATIENCE ? later(POLL) : poll()), wait);
  }

  async function poll() {
    later(POLL);
    try {
      // Whatever is no JSON is a failure: an error's page, the sign-in page.
      const answer = await fetch(`${changes}?${new URLSearchParams(last ? { after: last } : { since })}`, { cache: "no-cache" });
      take(await answer.json());
      heard();
    } catch {
      broken();
    }
  }

  function listen(batch) {
    streamAt = Date.now();
    heard();
    take(batch);
  }

  // The tab that holds the lock holds the connection, for browsers allow six to one host.
  function lead(channel) {
    const source = new EventSource(`${stream}?after=${last}`, { withCredentials: true });
    source.onmessage = (event) => {
      const batch = JSON.parse(event.data);
      channel.postMessage(batch);
      listen(batch);
    };
    source.onerror = () => {
      streamAt = 0;
      later(1000);
      if (source.readyState === EventSource.CLOSED) setTimeout(lead, POLL, channel);
    };
  }

  document.addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
  addEventListener("online", poll);
  addEventListener("offline", broken);
  if (!stream || !navigator.locks) poll();
  else {
    // Heard before it is asked what was missed, so that nothing falls in between.
    const channel = new BroadcastChannel(`psew.live.${user}`);
    channel.onmessage = (event) => listen(event.data);
    poll().then(() => navigator.locks.request(channel.name, () => { lead(channel); return new Promise(() => {}); }));
  }
  return { poll, heardAt: () => heardAt, silence: () => (brokenAt ? Date.now() - brokenAt : 0) };
}
