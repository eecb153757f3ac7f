// Moments in the reader's own zone: times beside messages, lines between days, and Slack's date tokens.

const LOCALE = "en-US";

const written = (date, options) => new Intl.DateTimeFormat(LOCALE, options).format(date);

/** The moment of a message's ts. */
export const momentOf = (ts) => new Date(Number.parseFloat(ts) * 1000);

/** "5:13 PM" */
export const time = (date) => written(date, { hour: "numeric", minute: "2-digit" });

/** The same day has the same words. */
export const dayOf = (date) => date.toDateString();

/** "Friday, November 27th at 5:13:08 PM", for hovering over a time. */
export const fully = (date) => `${long(date, sameYear(date))} at ${seconds(date)}`;

/** The line between two days: "Today", "Yesterday", "Friday, November 27th". */
export const dayLine = (date) => capital(nearby(date)) || long(date, sameYear(date));

/** "3 minutes ago" */
export function ago(date, now = new Date()) {
  const past = (now - date) / 1000;
  const format = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
  for (const [unit, size] of [
    ["day", 86400],
    ["hour", 3600],
    ["minute", 60],
  ]) {
    if (Math.abs(past) >= size) return format.format(-Math.trunc(past / size), unit);
  }
  return "just now";
}

/**
 * A format with tokens, such as "{date_short_pretty} at {time}" (docs.slack.dev, "Formatting message text": date
 * formatting); null when the moment is none. A word like "today" begins with a capital where the text begins.
 */
export function tokens(format, unix) {
  const date = new Date(Number(unix) * 1000);
  if (!/^-?\d+$/.test(String(unix)) || Number.isNaN(date.getTime())) return null;
  return format.replace(/\{(\w+)\}/g, (whole, token, at) => {
    const word = TOKENS[token]?.(date) ?? whole;
    return at === 0 ? capital(word) : word;
  });
}

const TOKENS = {
  date_num: (date) => [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-"),
  date_slash: (date) => [two(date.getMonth() + 1), two(date.getDate()), date.getFullYear()].join("/"),
  date: (date) => `${written(date, { month: "long" })} ${ordinal(date)}, ${date.getFullYear()}`,
  date_short: short,
  date_long: (date) => long(date, false),
  date_long_full: (date) => written(date, { dateStyle: "long" }),
  date_pretty: (date) => nearby(date) || TOKENS.date(date),
  date_short_pretty: (date) => nearby(date) || short(date),
  date_long_pretty: (date) => nearby(date) || long(date, false),
  day_divider_pretty: (date) => nearby(date) || long(date, sameYear(date)),
  time,
  time_secs: seconds,
  ago,
};

function short(date) {
  return written(date, { month: "short", day: "numeric", year: "numeric" });
}

function seconds(date) {
  return written(date, { hour: "numeric", minute: "2-digit", second: "2-digit" });
}

function long(date, withoutYear) {
  const day = `${written(date, { weekday: "long" })}, ${written(date, { month: "long" })} ${ordinal(date)}`;
  return withoutYear ? day : `${day}, ${date.getFullYear()}`;
}

/** "today", "yesterday", "tomorrow" or nothing. */
function nearby(date) {
  const day = (one) => Date.UTC(one.getFullYear(), one.getMonth(), one.getDate()) / 86400000;
  return { 0: "today", "-1": "yesterday", 1: "tomorrow" }[day(date) - day(new Date())] ?? "";
}

function ordinal(date) {
  const day = date.getDate();
  const teen = day > 10 && day < 14;
  return `${day}${teen ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[day % 10] ?? "th")}`;
}

const sameYear = (date) => date.getFullYear() === new Date().getFullYear();
const two = (number) => String(number).padStart(2, "0");
const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);
