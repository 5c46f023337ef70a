import type { ParticipantCondition } from '../../shared/layout/customActions.ts';
import type { CallParticipant } from '../call/call.ts';
import type { Arrangement } from './arrangement.ts';
import type { ChosenLayout } from './chooseLayout.ts';
import { chooseSpeaker, EMPTY_STAGE, type Stage } from './chooseSpeaker.ts';
import { LAYOUTS } from './layouts.ts';
import { participantMatches } from './matchConditions.ts';
import { NO_ORDER, type Order, orderParticipants } from './orderParticipants.ts';
import { priorityOf } from './priority.ts';
import type { ThemeBoxes } from './themeBoxes.ts';

/** What is remembered from one moment to the next, so that the picture holds still. */
export interface Memory {
  readonly stage: Stage;
  readonly order: Order;
}

export const NO_MEMORY: Memory = { stage: EMPTY_STAGE, order: NO_ORDER };

interface Moment {
  readonly people: readonly CallParticipant[];
  readonly layout: ChosenLayout;
  /** Size of the picture in pixels. */
  readonly picture: { readonly width: number; readonly height: number };
  /** What the theme says about the boxes that hold tiles. */
  readonly boxes: ThemeBoxes;
  /** Milliseconds since the page began to show the call. */
  readonly elapsedMs: number;
}

/** Decides who is shown where at a moment. */
export function direct(before: Memory, moment: Moment): { memory: Memory; arrangement: Arrangement } {
  const { layout, picture, boxes, elapsedMs } = moment;
  const { options, given, name } = layout;
  const filter = options['participant.filter'] as ParticipantCondition | null;
  const people = filter ? moment.people.filter((one) => participantMatches(filter, one)) : moment.people;
  const priority = priorityOf(options);
  const stage = chooseSpeaker(before.stage, people, elapsedMs, priority);
  const pageSize = LAYOUTS[name].pageSize(layout);
  const known = LAYOUTS[name].hasStage ? swapOnStage(before, stage) : before.order;
  const order = orderParticipants(known, people, pageSize, elapsedMs, priority);
  const byId = new Map(people.map((one) => [one.id, one]));
  const room = boxes.room ?? picture;
  const arrangement = LAYOUTS[name].arrange({
    picture: room,
    isThemed: room.width !== picture.width || room.height !== picture.height,
    boxes,
    options,
    given,
    elapsedMs,
    people: order.ids.flatMap((id) => byId.get(id) ?? []),
    stage: byId.get(stage.id ?? '') ?? null,
  });
  return { memory: { stage, order }, arrangement };
}

/** Who goes on stage changes places with who comes down, so that nobody else in the bar moves. */
function swapOnStage({ stage, order }: Memory, now: Stage): Order {
  if (stage.id === null || now.id === null || stage.id === now.id) return order;
  const swapped = { [stage.id]: now.id, [now.id]: stage.id };
  return { ...order, ids: order.ids.map((id) => swapped[id] ?? id) };
}
