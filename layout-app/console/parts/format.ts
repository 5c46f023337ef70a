/** `1:02:03`, or `2:03` below an hour. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part: number) => String(part).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `12.3 MB`, in powers of 1000. */
export function bytes(count: number): string {
  let [value, unit] = [count, 0];
  for (; value >= 1000 && unit < UNITS.length - 1; unit += 1) value /= 1000;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** `14:05` for today, and otherwise `2 Jan, 14:05`, with the year where it is another one. */
export function moment(time: string, now = new Date()): string {
  const at = new Date(time);
  const clock = at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  if (at.toDateString() === now.toDateString()) return clock;
  const isThisYear = at.getFullYear() === now.getFullYear();
  const day = at.toLocaleDateString([], {
    ...{ day: 'numeric', month: 'short' },
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
  return `${day}, ${clock}`;
}

export function count(value: number): string {
  return value.toLocaleString();
}

/** `1 recording`, `2 recordings`. */
export function several(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A share in percent, with as many digits as tell something. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 1 ? value.toFixed(2) : value.toFixed(value < 10 ? 1 : 0)} %`;
}
