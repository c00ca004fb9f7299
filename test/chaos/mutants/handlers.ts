import type { Mutant } from './mutant.ts'

const intake = 'functions/intake/handling.ts'
const pay = 'functions/pay/handling.ts'

/** What the handlers make of invocations: what is acknowledged, in whose name it is done, what a message says. */
export const handlerMutants: readonly Mutant[] = [
  {
    name: 'event-acknowledged',
    sentence: 'An event that could not be taken in is acknowledged.',
    file: intake,
    before: "log.error('event not taken in', error)\n        throw error",
    after: "log.error('event not taken in', error)",
  },
  {
    name: 'log-tells-all',
    sentence: 'The log has the body of an event that could not be taken in, accounts included.',
    file: intake,
    before: "log.error('event not taken in', error)",
    after:
      "if (error instanceof Error) error.message += body\n        log.error('event not taken in', error)",
  },
  {
    name: 'strangers-come-back',
    sentence: 'Of a batch of events others are said to have failed than were in it.',
    file: intake,
    before: 'return processPartialResponse(event, takeRecord, processor',
    after: `const strange = event.Records.map((record) => ({ ...record, messageId: \`\${record.messageId}0\` }))
    return processPartialResponse({ Records: strange }, takeRecord, processor`,
  },
  {
    name: 'payment-acknowledged',
    sentence: 'A payment that failed on our side is acknowledged.',
    file: pay,
    before: 'throw result.failed',
    after: 'return',
  },
  {
    name: 'others-acknowledged',
    sentence: 'Of the messages of a batch others come back than those that have failed.',
    file: pay,
    before: 'results[index]]',
    after: 'results[results.length - 1 - index]]',
  },
  {
    name: 'one-permit',
    sentence: 'All workers of a lane share a permit.',
    file: pay,
    before: 'permitId: by,',
    after: "permitId: 'pay/all',",
  },
  {
    name: 'one-name',
    sentence: 'All workers of a lane write in one name.',
    file: pay,
    before: 'context.awsRequestId',
    after: '1',
  },
  {
    name: 'half-a-body',
    sentence: 'A message names another payout than the one that was let go.',
    file: 'functions/release/queue.ts',
    before: 'MessageBody: JSON.stringify({ participantId, payout }),',
    after: "MessageBody: JSON.stringify({ participantId, payout: payout.replace('2', '1') }),",
  },
  {
    name: 'inquirers-one-name',
    sentence: 'All who ask a partner write in one name.',
    file: 'functions/inquire/handling.ts',
    before: 'context.awsRequestId',
    after: '1',
  },
]
