/** `ParticipantInfo.Kind` of LiveKit's protocol, whose names the package does not export: EGRESS and AGENT. */
const MACHINES: readonly number[] = [2, 4];
const STANDARD = 0;

/** What a webhook of a LiveKit server tells, as far as recordings ask. */
export interface LiveKitWebhook {
  readonly event: string;
  /** `sid` is new whenever the server makes the room anew. */
  readonly room: { readonly name: string; readonly sid: string } | null;
  readonly participant: {
    readonly identity: string;
    /** False for LiveKit's own recorders, for agents, and for everyone whom the people in the room cannot see. */
    readonly isPerson: boolean;
  } | null;
}

/**
 * Reads a webhook of a LiveKit server. Throws an Error if it is not signed with the key, if its signature has expired, or
 * if its body is not the one that was signed. `leewayS` is by how many seconds the clocks may differ.
 */
export async function readLiveKitWebhook({
  body,
  authorization,
  apiKey,
  apiSecret,
  leewayS,
}: {
  readonly body: string;
  readonly authorization: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly leewayS: number;
}): Promise<LiveKitWebhook> {
  // The package is loaded only when it is needed, because it takes ten megabytes of memory.
  const { WebhookReceiver } = await import('livekit-server-sdk');
  const receiver = new WebhookReceiver(apiKey, apiSecret);
  const { event, room, participant } = await receiver.receive(body, authorization, false, leewayS);
  const isUnseen = participant?.permission?.hidden || participant?.permission?.recorder;
  const isMachine = MACHINES.includes(participant?.kind ?? STANDARD);
  return {
    event,
    room: room ? { name: room.name, sid: room.sid } : null,
    participant: participant ? { identity: participant.identity, isPerson: !isUnseen && !isMachine } : null,
  };
}
