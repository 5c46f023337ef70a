import type { GuardedAgents } from '../egress/guardedAgents.ts';

const REQUEST_LIMIT_MS = 10_000;

/** A message for a queue of SQS or a topic of SNS. */
export interface AwsMessage {
  readonly service: 'sqs' | 'sns';
  /** The address of the queue, or the ARN of the topic. */
  readonly to: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The server that answers instead of Amazon's; null for Amazon's. */
  readonly endpoint: string | null;
  readonly message: string;
}

/** Sends a message to a queue or a topic. Throws what the service says. The agents connect; null stands for the SDK's own. */
export async function sendToAws(
  { service, to, region, accessKeyId, secretAccessKey, endpoint, message }: AwsMessage,
  cancel: AbortSignal,
  agents: GuardedAgents | null = null,
): Promise<void> {
  const options = {
    region,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1, // what fails is tried again by the queue of deliveries
    requestHandler: {
      ...{
        requestTimeout: REQUEST_LIMIT_MS,
        connectionTimeout: REQUEST_LIMIT_MS,
        throwOnRequestTimeout: true,
      },
      ...agents,
    },
    ...(endpoint === null ? {} : { endpoint }),
  };
  const sending = { abortSignal: cancel };
  // The packages are loaded only when they are needed, because each takes some megabytes of memory.
  if (service === 'sqs') {
    const { SendMessageCommand, SQSClient } = await import('@aws-sdk/client-sqs');
    await new SQSClient(options).send(
      new SendMessageCommand({ QueueUrl: to, MessageBody: message }),
      sending,
    );
  } else {
    const { PublishCommand, SNSClient } = await import('@aws-sdk/client-sns');
    await new SNSClient(options).send(new PublishCommand({ TopicArn: to, Message: message }), sending);
  }
}
