/**
 * Stands for the SDK's reading and writing of event streams in a function's bundle, where it is a thirtieth of the
 * bytes: no call of ours has such a stream, and the first that had one would throw here.
 */
export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config

export function eventStreamSerdeProvider(): never {
  throw new Error('event streams are not in the bundle')
}

export const EventStreamSerde = eventStreamSerdeProvider
