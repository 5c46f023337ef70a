import { z } from '@hono/zod-openapi';
import { CallId, CallTypeName } from '../../../shared/api/callName.ts';
import { Credential } from '../../../shared/wire/credential.ts';
import { Name } from '../config/apiConfig.ts';
import { Grants, Settings } from '../config/callTypeSettings.ts';

/** Without `/`, which would lead out of its folder. */
const FILENAME = /^[^\p{Cc}/\\]{1,255}$/u;

export const CallParams = z.object({
  type: CallTypeName,
  id: CallId,
});
export const SessionParams = CallParams.extend({ session: z.string().min(1).max(200) });
export const FileParams = SessionParams.extend({
  filename: z.string().regex(FILENAME, { error: 'is no name of a file' }),
});
/** Some clients write `undefined`, which means the recording that a call has by default. */
export const KindParams = CallParams.extend({
  recording_type: z.enum(['composite', 'individual', 'raw', 'undefined']),
});
export const CallTypeParams = z.object({ name: CallTypeName });
export const NameParams = z.object({ name: Name });

/** The connection over which a client wants to hear of a call. */
export const Watching = z.object({ connection_id: z.string().max(100).optional() });

/** Clients write null for what they leave out. */
export const StartBody = z.looseObject({ recording_external_storage: z.string().nullish() });

export const CallTypeBody = z.looseObject({
  settings: Settings.nullish(),
  grants: Grants.nullish(),
  external_storage: z.string().nullish(),
  notification_settings: z.record(z.string(), z.unknown()).nullish(),
});
export const NewCallTypeBody = CallTypeBody.extend({ name: CallTypeName });

/** What a call or a member may carry of a platform's own, in characters of its JSON: Stream's limit is 5 KB. */
export const LONGEST_CUSTOM = 5_000;
const Custom = z.record(z.string(), z.unknown()).refine((custom) => !isTooLong(custom), {
  error: `has more than ${LONGEST_CUSTOM} characters of JSON`,
});

export function isTooLong(custom: Readonly<Record<string, unknown>>): boolean {
  return JSON.stringify(custom).length > LONGEST_CUSTOM;
}

const Member = z.looseObject({
  user_id: z.string().min(1).max(255),
  role: z.string().max(64).nullish(),
  custom: Custom.nullish(),
});
export const UpdateCallBody = z.looseObject({
  settings_override: Settings.nullish(),
  custom: Custom.nullish(),
  starts_at: z.union([z.iso.datetime({ offset: true }), z.number()]).nullish(),
});
export const GetOrCreateBody = z.looseObject({
  data: UpdateCallBody.extend({
    created_by_id: z.string().max(255).nullish(),
    created_by: z.looseObject({ id: z.string().max(255) }).nullish(),
    members: z.array(Member).max(100).nullish(),
  }).nullish(),
});
export type CallData = NonNullable<z.output<typeof GetOrCreateBody>['data']>;

/** The fields of which each storage needs some, by its type. */
export const StorageBody = z.looseObject({
  bucket: z.string().min(1).max(255).nullish(),
  storage_type: z.enum(['s3', 'gcs', 'abs']).nullish(),
  path: z.string().max(500).nullish(),
  gcs_credentials: Credential.min(1).nullish(),
  /** Not of Stream's API: a server that speaks the XML API of Google Cloud Storage. */
  gcs_custom_endpoint_url: z.string().max(500).nullish(),
  aws_s3: z
    .looseObject({
      s3_region: z.string().max(64).nullish(),
      s3_api_key: z.string().min(1).max(200).nullish(),
      s3_secret: z.string().min(1).max(200).nullish(),
      s3_custom_endpoint_url: z.string().max(500).nullish(),
    })
    .nullish(),
  azure_blob: z
    .looseObject({
      abs_account_name: z.string().max(24).nullish(),
      abs_client_id: z.string().min(1).max(200).nullish(),
      abs_client_secret: z.string().min(1).max(200).nullish(),
      abs_tenant_id: z.string().max(100).nullish(),
      /** Not of Stream's API: a server that speaks Azure's protocol, and one that hands out its tokens. */
      abs_custom_endpoint_url: z.string().max(500).nullish(),
      abs_custom_authority_url: z.string().max(500).nullish(),
    })
    .nullish(),
});
export const NewStorageBody = StorageBody.extend({ name: Name });
