// Where a page may send the browser.

/** Where to go after a sign-in: a path of this app, whatever was asked for. */
export function afterSignIn(wanted: string | null): string {
  const home = "/web";
  if (wanted === null) return home;
  let url: URL;
  try {
    url = new URL(wanted, window.location.origin);
  } catch {
    return home;
  }
  const own =
    url.origin === window.location.origin &&
    wanted.startsWith("/web") &&
    /^\/web(\/|$)/.test(url.pathname) &&
    !/^\/web\/login(\/|$)/.test(url.pathname);
  return own ? url.pathname + url.search : home;
}

/** Whether an address is a port of this very machine, as a command-line tool opens one. */
export function isLoopback(address: string): boolean {
  try {
    const url = new URL(address);
    return (
      url.protocol === "http:" &&
      url.hostname === "127.0.0.1" &&
      url.port !== "" &&
      url.username === "" &&
      url.password === ""
    );
  } catch {
    return false;
  }
}
