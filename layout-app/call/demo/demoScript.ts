/** What a demo call plays. `durationS` is null for a call that never ends. */
export interface DemoPlot {
  readonly participants: number;
  readonly script: 'standup' | 'steady';
  readonly durationS: number | null;
}

export interface DemoPerson {
  readonly index: number;
  /** In seconds since the call's start. */
  readonly joinedAtS: number;
  readonly isMuted: boolean;
  readonly hasVideo: boolean;
  readonly isSharingScreen: boolean;
  readonly isSpeaking: boolean;
}

export interface DemoScene {
  /** The people who are there now, in the order in which they joined. */
  readonly people: readonly DemoPerson[];
  readonly speaker: number | null;
  readonly isOver: boolean;
}

const STANDUP_S = 20;
const STEADY_TURN_S = 2;
/** Who speaks in each tenth of a stand-up, by index. */
const STANDUP_TURNS = [0, 1, 2, 0, 1, 1, 3, 4, 2, 0] as const;
/** The others join at equal intervals until this share of a stand-up is over. */
const ALL_THERE_AT = 0.15;
/** Who does what, and when, as shares of the stand-up's length. */
const MUTED = { index: 2, from: 0.5, until: 0.75 };
const SHARING = { index: 1, from: 0.4, until: 0.7 };
const CAMERA_OFF = { index: 3, from: 0.55, until: 1 };
const GONE = { index: 4, from: 0.85, until: 1 };

/** The state of a demo call at a time in seconds since its start. The same time gives the same scene. */
export function demoScene(plot: DemoPlot, timeS: number): DemoScene {
  const isOver = plot.durationS !== null && timeS >= plot.durationS;
  const people = plot.script === 'standup' ? standupPeople(plot, timeS) : steadyPeople(plot.participants);
  const speaker =
    plot.script === 'standup' ? standupSpeaker(plot, timeS, people) : steadySpeaker(people, timeS);
  return {
    isOver,
    speaker,
    people: people.map((person) => ({
      ...person,
      isSpeaking: person.index === speaker,
    })),
  };
}

function steadyPeople(count: number): DemoPerson[] {
  return Array.from({ length: count }, (_, index) => personAt(index, 0));
}

function steadySpeaker(people: readonly DemoPerson[], timeS: number): number | null {
  return people.length === 0 ? null : Math.floor(timeS / STEADY_TURN_S) % people.length;
}

function standupPeople(plot: DemoPlot, timeS: number): DemoPerson[] {
  const { lengthS, round, at } = standupTime(plot, timeS);
  const people: DemoPerson[] = [];
  for (let index = 0; index < plot.participants; index++) {
    const arrivesAt = arrival(index, plot.participants);
    // In later rounds everybody is already there, except for the person who left.
    const joinedInRound = index === GONE.index ? round : 0;
    const isYetToCome = round === joinedInRound && at < arrivesAt;
    if (isYetToCome || isDuring(GONE, index, at)) continue;
    people.push({
      ...personAt(index, (joinedInRound + arrivesAt) * lengthS),
      isMuted: isDuring(MUTED, index, at),
      isSharingScreen: isDuring(SHARING, index, at),
      hasVideo: hasCamera(index) && !isDuring(CAMERA_OFF, index, at),
    });
  }
  return people.sort((a, b) => a.joinedAtS - b.joinedAtS || a.index - b.index);
}

/** The person whose turn it is, or else the next one who is there and not muted. */
function standupSpeaker(plot: DemoPlot, timeS: number, people: readonly DemoPerson[]): number | null {
  const turn = Math.floor(standupTime(plot, timeS).at * STANDUP_TURNS.length);
  const wanted = STANDUP_TURNS[turn] as number;
  const able = people.filter((person) => !person.isMuted).map((person) => person.index);
  const next = able.filter((index) => index >= wanted);
  return next.length > 0 ? Math.min(...next) : (able[0] ?? null);
}

function standupTime(plot: DemoPlot, timeS: number) {
  const lengthS = plot.durationS ?? STANDUP_S;
  const round = plot.durationS === null ? Math.floor(timeS / lengthS) : 0;
  return { lengthS, round, at: Math.min(timeS / lengthS - round, 0.9999) };
}

/** When the n-th person joins: two are there from the start. */
function arrival(index: number, count: number): number {
  return index < 2 ? 0 : (ALL_THERE_AT * (index - 1)) / (count - 2);
}

function isDuring(event: { index: number; from: number; until: number }, index: number, at: number): boolean {
  return index === event.index && at >= event.from && at < event.until;
}

/** Every seventh person, beginning with the fifth, has no camera. */
function hasCamera(index: number): boolean {
  return index % 7 !== 4;
}

function personAt(index: number, joinedAtS: number): DemoPerson {
  return {
    index,
    joinedAtS,
    isMuted: false,
    hasVideo: hasCamera(index),
    isSharingScreen: false,
    isSpeaking: false,
  };
}
