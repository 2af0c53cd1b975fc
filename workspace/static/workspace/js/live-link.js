// How hints arrive: one stream per browser where there is one, else a question every 30 seconds.
const POLL = 30_000;
const PATIENCE = 25_000; // the stream speaks every 15 seconds
const KEPT = 2000;
const CLOSED = 2;

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
    for (const key of seen) if (seen.size > KEPT) seen.delete(key); else break;
    if (fresh.length || batch.refresh) receive(fresh, batch.refresh);
  }

  function heard() {
    heardAt = Date.now();
    brokenAt = 0;
  }

  function broken() {
    brokenAt ||= Date.now();
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(() => (Date.now() - streamAt < PATIENCE ? later(POLL) : poll()), wait);
  }

  async function poll() {
    later(POLL);
    try {
      const answer = await fetch(`${changes}?${new URLSearchParams(last ? { after: last } : { since })}`, { cache: "no-cache" });
      if (answer.redirected || !answer.ok) throw new Error(String(answer.status));
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
      if (source.readyState === CLOSED) setTimeout(lead, POLL, channel);
    };
  }

  function open() {
    const name = `psew.live.${user}`;
    const channel = new BroadcastChannel(name);
    channel.onmessage = (event) => listen(event.data);
    navigator.locks.request(name, () => { lead(channel); return new Promise(() => {}); });
  }

  document.addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
  addEventListener("online", poll);
  addEventListener("offline", broken);
  poll().then(() => { if (stream && navigator.locks) open(); });
  return { poll, heardAt: () => heardAt, silence: () => (brokenAt ? Date.now() - brokenAt : 0) };
}
