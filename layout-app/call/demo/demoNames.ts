/** Names of different lengths and scripts, as calls have them. The first five are the stand-up's. */
const NAMES = [
  'Ada Okafor',
  'Mateo Rivera',
  'Ines Lindqvist',
  '田中 美咲',
  'Priya Raman',
  'Maximiliana Wolfeschlegelsteinhausen-Bergerdorff',
  'ليلى الحسيني',
  'Bo',
  'Søren Kjær',
  'Anastasia Petrova',
  'Juan Carlos de la Fuente',
  'Nguyễn Thị Minh',
  'Θεοδώρα Παππά',
  'Kwame Mensah',
  'Zoë van den Berg',
  '김서연',
  'דנה לוי',
  'Олександр Коваль',
  'Chidi Eze',
  'Hannah Schmidt',
  'Léa Dubois',
  'Tariq Aziz',
  'Sofia Rossi',
  'Aarav Sharma',
  'Emily Carter',
] as const;

/** The name of the n-th demo participant; from the twenty-sixth on, names repeat with a number. */
export function demoName(index: number): string {
  const name = NAMES[index % NAMES.length] as string;
  const round = Math.floor(index / NAMES.length);
  return round === 0 ? name : `${name} ${round + 1}`;
}
