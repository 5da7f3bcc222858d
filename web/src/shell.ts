// Commands to be pasted into a terminal.

/** Text as one word of a shell command: quoted unless it holds nothing special. */
export function word(text: string): string {
  return /^[A-Za-z0-9._@+:/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

export function signIn(proxyAddress: string, user: string): string {
  return `tsh login --proxy=${word(proxyAddress)} --user=${word(user)}`;
}

export function tunnel(database: string, databaseUser: string): string {
  return `tsh proxy db --tunnel --port 8000 --db-user=${word(databaseUser)} ${word(database)}`;
}
