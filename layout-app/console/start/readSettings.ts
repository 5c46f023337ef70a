import { fromFragment } from '../../studio/studioState.ts';
import type { HandedOver } from '../handover.ts';
import type { WrittenLayout } from '../recording.ts';

/**
 * The settings in what somebody has pasted: a job, its `recording`, settings of a call, a layout, or a link to the studio.
 * Throws an Error that says what it must be.
 */
export function readSettings(text: string): HandedOver {
  const [, fragment] = /^https?:\/\/\S+\/studio\/\S*#(\S+)$/.exec(text.trim()) ?? [];
  if (fragment !== undefined) {
    const { layout, quality, options, cssUrl } = fromFragment(fragment);
    return { quality, layout: { name: layout, options, external_css_url: cssUrl || null } };
  }
  const given = parsed(text);
  const job = isObject(given.settings) ? given.settings : given;
  const recording = isObject(job.recording) ? job.recording : job;
  const layout = isObject(recording.layout) ? recording.layout : isLayout(recording) ? recording : null;
  if (layout === null)
    throw new Error(
      'There is no layout in it: it needs the field "recording", or "layout", as the studio exports them.',
    );
  const call = isObject(given.call) ? given.call : {};
  return {
    ...(typeof recording.quality === 'string' && { quality: recording.quality }),
    ...(typeof recording.audio_only === 'boolean' && { audio_only: recording.audio_only }),
    ...(typeof call.type === 'string' && { call_type: call.type }),
    ...(typeof call.id === 'string' && { call_id: call.id }),
    layout: layout as WrittenLayout,
  };
}

function parsed(text: string): Record<string, unknown> {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new Error('This is neither JSON nor a link to the studio. Copy it from the studio, under Export.');
  }
  if (!isObject(given)) throw new Error('This is no JSON object. Copy a job from the studio, under Export.');
  return given;
}

const isLayout = (given: Record<string, unknown>) => 'name' in given || 'options' in given;

function isObject(given: unknown): given is Record<string, unknown> {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}
