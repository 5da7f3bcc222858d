// Times for people.

const MINUTE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function minute(iso: string): string {
  return MINUTE.format(new Date(iso));
}
